"""Another judgement than the plan's, set after the fact, and said to be so."""

import copy
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from diptych_analysis.errors import AnalysisError
from diptych_analysis.source import Source

#: What of a plan's analysis is a judgement, besides the metrics; a calibration judges nothing.
_JUDGED = ("baseline", "control", "confidence", "minimumCompletedPercent")
_MARGINS = ("margin", "relativeMargin")


@dataclass(frozen=True)
class Changes:
    """What is asked otherwise, by metric, in the plan's spelling: "0.005", "2%", "0.99"."""

    margins: Mapping[str, str] = field(default_factory=dict)
    relative_margins: Mapping[str, str] = field(default_factory=dict)
    confidence: str | None = None

    @property
    def options(self) -> list[str]:
        """The options of `diptych analyze` that ask so."""
        found = [f"--margin {shlex.quote(f'{k}={v}')}" for k, v in self.margins.items()]
        found += [
            f"--relative-margin {shlex.quote(f'{k}={v}')}" for k, v in self.relative_margins.items()
        ]
        return [*found, *([f"--confidence {self.confidence}"] if self.confidence else [])]


def asked_otherwise(source: Source, changes: Changes) -> Source:
    """Return the source with changes, each told in `post_hoc`; what the plan says anyway is none.

    Raises AnalysisError for a metric that the plan does not have, or that is named twice.
    """
    analysis = copy.deepcopy(source.plan.document["analysis"])
    metrics = {metric["name"]: metric for metric in analysis["metrics"]}
    _check_names(metrics, changes)
    for key, given in (("margin", changes.margins), ("relativeMargin", changes.relative_margins)):
        for name, value in given.items():
            metrics[name].update({"margin": None, "relativeMargin": None, key: value})
    if changes.confidence is not None:
        analysis["confidence"] = changes.confidence
    commands = tuple(" ".join([command, *changes.options]) for command in source.commands)
    return judged_by(source, analysis, commands)


def judged_by(source: Source, analysis: Mapping[str, Any], commands: tuple[str, ...]) -> Source:
    """Return the source judged by another `analysis` than its plan's, each change in `post_hoc`.

    `commands` are what a person types for it. What is only spelled otherwise is no change.
    """
    told = _told(source.plan.document["analysis"], analysis)
    plan = copy.copy(source.plan)
    plan.document = {**plan.document, "analysis": dict(analysis)}
    if not told:
        return replace(source, plan=plan)
    return replace(source, plan=plan, post_hoc=(*source.post_hoc, *told), commands=commands)


def _check_names(metrics: Iterable[str], changes: Changes) -> None:
    for name in [*changes.margins, *changes.relative_margins]:
        if name not in metrics:
            raise AnalysisError(
                f"there is no metric {name!r} in this comparison; it has {', '.join(metrics)}"
            )
    twice = sorted(set(changes.margins) & set(changes.relative_margins))
    if twice:
        raise AnalysisError(f"{twice[0]} has a margin and a relative margin; give one of them")


def _told(declared: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """Return in words what is asked otherwise than it was declared."""
    before, after = ({m["name"]: m for m in each["metrics"]} for each in (declared, asked))
    told = [f"{name}, which was not declared" for name in after if name not in before]
    told += [f"without {name}, which was declared" for name in before if name not in after]
    common = [name for name in after if name in before]
    if common != [name for name in before if name in after]:
        told.append(f"metrics in the order {', '.join(common)}")
    for name in common:
        told += _metric_told(before[name], after[name])
    told += [
        f"{key} {asked[key]} instead of {declared[key]}"
        for key in _JUDGED
        if _value(asked[key]) != _value(declared[key])
    ]
    return told


def _metric_told(declared: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    name, told = asked["name"], []
    if any(_value(asked[key]) != _value(declared[key]) for key in _MARGINS):
        new, old = (next((m[key] for key in _MARGINS if m[key]), "none") for m in (asked, declared))
        told.append(f"margin of {name} {new} instead of {old}")
    if asked["primary"] != declared["primary"]:
        told.append(f"{name} as a {'primary' if asked['primary'] else 'secondary'} metric")
    told += [
        f"{key} of {name} {asked[key]} instead of {declared[key]}"
        for key in ("test", "direction", "evaluator")
        if asked[key] != declared[key]
    ]
    return told


def _value(given: object) -> object:
    """Return a value without its spelling: 0.50 is 0.5."""
    if not isinstance(given, str):
        return given
    try:
        return Decimal(given.removesuffix("%")), given.endswith("%")
    except InvalidOperation:
        return given
