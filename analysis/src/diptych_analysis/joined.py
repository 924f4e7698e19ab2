"""Versions of two finished comparisons as one: the same seeds, workload and data, paired again.

Nothing is copied. Every record is read where it lies and verified as what its own plan says; a
version's name here is its name there, with -A or -B where both comparisons have it.
"""

import copy
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from diptych_analysis.errors import AnalysisError
from diptych_analysis.records.reader import Reader
from diptych_analysis.source import Source
from diptych_analysis.summary import Origin
from diptych_runner.contract import hashing
from diptych_runner.contract.plan import Plan, document_of
from diptych_runner.contract.trials import Trial

#: Axes that must be equal: each other one changes what is compared, or is paired below.
_EQUAL = ("framework", "workload", "threads", "gpus", "accelerator")
#: Characters of the joined name: a resource's name has 63 at most.
_LONGEST_NAME = 50


@dataclass(frozen=True)
class _Member:
    """One version of the joined comparison: its source and its name there."""

    source: Source
    version: str


class JoinedReader:
    """Reads a version's trials where they lie."""

    def __init__(self, members: Mapping[str, _Member]) -> None:
        """Take the members by their names in the joined comparison."""
        self._members = members

    def exists(self, path: str) -> bool:
        """Say whether there is a file at `path`."""
        reader, there = self._there(path)
        return reader.exists(there)

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises as the source's reader does."""
        reader, there = self._there(path)
        return reader.read(there)

    def open(self, path: str) -> BinaryIO:
        """Return a file to seek in; raises as the source's reader does."""
        reader, there = self._there(path)
        return reader.open(there)

    def _there(self, path: str) -> tuple[Reader, str]:
        folder, name, rest = path.split("/", 2)
        member = self._members[name]
        return member.source.reader, f"{folder}/{member.version}/{rest}"


class JoinedPlan(Plan):
    """A plan whose trials are of other plans."""

    def __init__(self, document: dict[str, Any], members: Mapping[str, _Member]) -> None:
        """Take the document, and the members by version."""
        super().__init__(document)
        self._members = members

    def stated(self, trial: Trial) -> tuple[str, dict[str, Any]]:
        """Return what COMMIT and manifest say of a trial: its own plan and its name there."""
        member = self._members[trial.version]
        return member.source.plan.stated(trial._replace(version=member.version))


def joined(left: Source, right: Source, baseline: str | None, candidates: Sequence[str]) -> Source:
    """Return a version of `left` (by default its baseline) against versions of `right`.

    `candidates` are by default all of right's versions, without the very version of the same
    comparison that is the baseline. Raises AnalysisError, naming what differs, when the two cannot
    be compared.
    """
    _check_equal(left.plan, right.plan)
    first = _known(left.plan, baseline or left.plan.document["analysis"]["baseline"], "A")
    same = left.place == right.place
    named = [_known(right.plan, name, "B") for name in candidates]
    others = named or [v for v in right.plan.versions if not (same and v == first)]
    if not others or (same and first in others):
        raise AnalysisError(
            f"{first} of {left.plan.folder} would be compared with itself; give another --baseline "
            "or --candidate"
        )
    members = {_alias(first, "A", others): _Member(left, first)}
    members.update({_alias(v, "B", [first]): _Member(right, v) for v in others})
    plan = JoinedPlan(_document(left.plan, right.plan, members), members)
    return Source(
        JoinedReader(members),
        plan,
        post_hoc=(*left.post_hoc, *_left_aside(left.plan, right.plan)),
        origins=tuple(
            Origin(version=name, comparison=member.source.place, name=member.version)
            for name, member in members.items()
        ),
        commands=(_command(left.place, right.place, first, others),),
    )


def _check_equal(left: Plan, right: Plan) -> None:
    told = [
        f"{key}: {_short(left.axes[key])} in A, {_short(right.axes[key])} in B"
        for key in _EQUAL
        if left.axes[key] != right.axes[key]
    ]
    control = left.document["analysis"]["control"]
    if not any((c.control, c.setting) == (control, 0) for c in right.cells):
        told.append(f"control: A judges under {control}, which B did not run")
    if not told and not set(left.seeds) & set(right.seeds):
        told.append(
            f"seeds: {_range(left.seeds)} in A, {_range(right.seeds)} in B; pairs need seeds that "
            "both have"
        )
    if told:
        raise AnalysisError(f"the comparisons cannot be paired: {'; '.join(told)}")


def _known(plan: Plan, version: str, side: str) -> str:
    if version not in plan.versions:
        raise AnalysisError(
            f"{side} ({plan.folder}) has no version {version!r}; it has {', '.join(plan.versions)}"
        )
    return version


def _alias(version: str, side: str, others: Sequence[str]) -> str:
    return f"{version}-{side}" if version in others else version


def _document(left: Plan, right: Plan, members: Mapping[str, _Member]) -> dict[str, Any]:
    """Return plan.json of what both have: seeds, and the cells that both ran."""
    places = [{seed: k for k, seed in enumerate(plan.seeds)} for plan in (left, right)]
    common = [seed for seed in left.seeds if seed in places[1]]
    common.sort(key=lambda seed: max(place[seed] for place in places))
    settings = left.axes["settings"] if left.axes["settings"] == right.axes["settings"] else [{}]
    versions = [
        {**member.source.plan.version(member.version), "name": name}
        for name, member in members.items()
    ]
    cells = _cells(left, right, common, len(settings))
    control = left.document["analysis"]["control"]
    if (control, 0, 0) not in [(c["control"], c["setting"], c["repeat"]) for c in cells]:
        raise AnalysisError(
            f"the comparisons cannot be paired: no seed that both have ran under {control} in both"
        )
    axes = {
        **left.axes,
        "versions": versions,
        "settings": settings,
        "seeds": common,
        "cells": cells,
    }
    name = left.name if left.name == right.name else f"{left.name}-and-{right.name}"[:_LONGEST_NAME]
    identity = [[m.source.plan.uid, m.source.plan.sha256, m.version] for m in members.values()]
    return document_of(
        {"name": name.rstrip("-."), "uid": hashing.sha256_of_json(identity)},
        axes,
        left.document["execution"],
        {**copy.deepcopy(left.document["analysis"]), "baseline": next(iter(members))},
    )


def _cells(left: Plan, right: Plan, seeds: Sequence[int], settings: int) -> list[dict[str, Any]]:
    """Return the cells of both, each as far as the common seeds are covered by both."""
    others = {cell[:3]: cell.seeds for cell in right.cells}
    found = []
    for cell in left.cells:
        covered = {*left.seeds[: cell.seeds]} & {*right.seeds[: others.get(cell[:3], 0)]}
        count = next((k for k, seed in enumerate(seeds) if seed not in covered), len(seeds))
        if cell.setting < settings and count:
            found.append({**cell._asdict(), "seeds": count})
    return found


def _left_aside(left: Plan, right: Plan) -> list[str]:
    """Tell what of B does not count: other margins than A's, and a sweep that A does not have."""
    found = []
    if any(
        left.document["analysis"][key] != right.document["analysis"][key]
        for key in ("confidence", "metrics")
    ):
        found.append("metrics, margins and confidence as A declares them; B declares others")
    if left.axes["settings"] != right.axes["settings"]:
        found.append("setting 0 alone, for the sweeps differ")
    return found


def _command(left: str, right: str, baseline: str, candidates: Sequence[str]) -> str:
    words = ["diptych", "compare", left, right, "--baseline", baseline]
    for version in candidates:
        words += ["--candidate", version]
    return shlex.join(words)


def _short(value: object) -> str:
    text = hashing.canonical_json(value).decode("utf-8")
    return text if len(text) <= 300 else f"{text[:300]}..."


def _range(seeds: Sequence[int]) -> str:
    return f"{min(seeds)} to {max(seeds)}"
