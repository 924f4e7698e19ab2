"""Another margin or confidence than the plan's, set after the fact, and said to be so."""

import copy
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from diptych_analysis.errors import AnalysisError
from diptych_analysis.source import Source
from diptych_runner.contract import hashing


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

    @property
    def folder(self) -> str:
        """Where results of these changes lie beside the declared ones."""
        return f"post-hoc-{hashing.sha256_of_json(self.options)[:8]}"


def asked_otherwise(source: Source, changes: Changes) -> Source:
    """Return the source with changes, each told in `post_hoc`; what the plan says anyway is none.

    Raises AnalysisError for a metric that the plan does not have, or that is named twice.
    """
    document = copy.deepcopy(source.plan.document)
    told = list(source.post_hoc)
    metrics = {metric["name"]: metric for metric in document["analysis"]["metrics"]}
    _check_names(metrics, changes)
    for key, given in (("margin", changes.margins), ("relativeMargin", changes.relative_margins)):
        for name, value in given.items():
            told += _set_margin(metrics[name], key, value)
    declared = document["analysis"]["confidence"]
    if changes.confidence is not None and Decimal(changes.confidence) != Decimal(declared):
        document["analysis"]["confidence"] = changes.confidence
        told.append(f"confidence {changes.confidence} instead of {declared}")
    if len(told) == len(source.post_hoc):
        return source
    plan = copy.copy(source.plan)
    plan.document = document
    commands = tuple(" ".join([command, *changes.options]) for command in source.commands)
    return replace(source, plan=plan, post_hoc=tuple(told), commands=commands)


def _check_names(metrics: Iterable[str], changes: Changes) -> None:
    for name in [*changes.margins, *changes.relative_margins]:
        if name not in metrics:
            raise AnalysisError(
                f"there is no metric {name!r} in this comparison; it has {', '.join(metrics)}"
            )
    twice = sorted(set(changes.margins) & set(changes.relative_margins))
    if twice:
        raise AnalysisError(f"{twice[0]} has a margin and a relative margin; give one of them")


def _set_margin(metric: dict[str, Any], key: str, value: str) -> list[str]:
    """Give a metric of the plan a margin; return what to tell, nothing when it had it."""
    before = metric["margin"] or metric["relativeMargin"]
    if metric[key] is not None and _number(metric[key]) == _number(value):
        return []
    metric.update({"margin": None, "relativeMargin": None, key: value})
    return [f"margin of {metric['name']} {value} instead of {before or 'none'}"]


def _number(text: str) -> Decimal:
    return Decimal(text.removesuffix("%"))
