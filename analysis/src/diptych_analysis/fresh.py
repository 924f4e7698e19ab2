"""The fresh comparison that settles an open verdict or replicates Different: ready, and priced.

Always on unused seeds. Adding seeds to those already looked at, and looking again, raises false
alarms far above alpha (docs/calibration.md), so that is never proposed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from diptych_analysis.runnable import ready
from diptych_analysis.statistics.discordant import seeds_to_show
from diptych_analysis.summary import Candidate, Fresh, Metric, Outcome, Usage
from diptych_runner.contract import hashing, names
from diptych_runner.contract.plan import Plan, document_of

_SUFFIX = "-fresh"


def fresh_of(plan: Plan, candidates: Sequence[Candidate], alpha: float) -> Fresh | None:
    """Return the fresh comparison for all candidates that it settles or replicates; else None.

    It asks the deciding question alone: no sweep and no attribution. One candidate that takes more
    seeds than a comparison may have keeps no other from its own.
    """
    tests = max(1, _tests(candidates))
    sizes = {
        candidate.version: size
        for candidate in candidates
        if (size := _size_of(candidate, alpha / tests)) is not None and size <= names.MOST_SEEDS
    }
    different = [c.version for c in candidates if c.verdict == "Different"]
    seeds = _unused(plan.seeds, max(sizes.values(), default=0))
    if not seeds:
        return None
    made = _plan(plan, [plan.document["analysis"]["baseline"], *sizes], seeds)
    return Fresh(
        first=seeds[0],
        count=len(seeds),
        versions=made.versions,
        replicates=[version for version in sizes if version in different],
        trials=made.trial_count,
        trial_hours=trial_hours(made, candidates),
        resource=ready(made),
    )


def _tests(candidates: Sequence[Candidate]) -> int:
    """Return how many tests decide together: of primary metrics, and of outcomes that can."""
    return sum(
        sum(metric.primary for metric in candidate.metrics)
        + sum(o.setting == 0 and o.p_adjusted is not None for o in candidate.outcomes)
        for candidate in candidates
    )


def _size_of(candidate: Candidate, level: float) -> int | None:
    """Return the seeds that a candidate asks for, or None; `level` is alpha over all tests."""
    if candidate.verdict == "Different":
        return _again(candidate, level)
    if candidate.verdict == "Inconclusive":
        return _with_losses(_size(candidate.metrics), candidate.outcomes)
    return None


def _with_losses(size: int | None, outcomes: Sequence[Outcome]) -> int | None:
    """Return the seeds of which `size` succeed in both versions, if as many are lost as here.

    Trials that are missing or refused are no outcome, and not expected again.
    """
    if size is None:
        return None
    for found in outcomes:
        if found.setting == 0:
            left = found.seeds - found.baseline - found.candidate_only
            if left <= 0:
                return None
            size = -(-size * found.seeds // left)
    return size


def _again(candidate: Candidate, level: float) -> int | None:
    """Return the seeds that would show Different once more; None where more seeds do nothing."""
    found = [m for m in candidate.metrics if m.primary and m.verdict == "Different"]
    if found:
        known = [m.seeds_to_replicate for m in found if m.seeds_to_replicate is not None]
        return _with_losses(max(known, default=None), candidate.outcomes)
    # More trials of one version failed or diverged than chance explains. Of what is known exactly
    # p is 0.
    tested = [o for o in candidate.outcomes if o.setting == 0 and o.p_adjusted is not None]
    shown = min(tested, key=lambda outcome: outcome.p_adjusted or 0.0, default=None)
    if shown is None or not shown.p_adjusted:
        return None
    return seeds_to_show(shown.baseline_only, shown.candidate_only, shown.seeds, level)


def _size(metrics: Sequence[Metric]) -> int | None:
    """Return the seeds that would settle every primary metric; None when more do not help.

    What is Equivalent already has to be so once more, among seeds that nobody has looked at.
    """
    deciding = [metric for metric in metrics if metric.primary]
    known = [m for m in deciding if m.verdict == "Inconclusive"]
    open_sizes = [m.seeds_needed for m in known if m.seeds_needed is not None]
    if not open_sizes or len(open_sizes) < len(known):
        return None
    # With enough seeds already, the estimate lies near the margin: no size is promised.
    enough = max(m.seeds_estimated or 0 for m in known)
    if enough <= max(metric.seeds for metric in deciding):
        return None
    again = [m.seeds_needed or 0 for m in deciding if m.verdict == "Equivalent"]
    return max([*open_sizes, *again])


def _unused(used: Sequence[int], count: int) -> list[int]:
    """Return `count` consecutive seeds above those used; [] when there are not so many."""
    first = max(used) + 1
    if not count or first + count - 1 > names.LARGEST_SEED:
        return []
    return list(range(first, first + count))


def _plan(plan: Plan, versions: Sequence[str], seeds: list[int]) -> Plan:
    control = plan.document["analysis"]["control"]
    cells = [
        {**c._asdict(), "seeds": len(seeds) if c.repeat == 0 else min(c.seeds, len(seeds))}
        for c in plan.cells
        if c.control == control and c.setting == 0
    ]
    return proposed(plan, versions, seeds, cells, _SUFFIX)


def proposed(
    plan: Plan,
    versions: Sequence[str],
    seeds: Sequence[int],
    cells: Sequence[Mapping[str, Any]],
    suffix: str,
) -> Plan:
    """Return the plan of another comparison of some of these versions, without a sweep."""
    axes: dict[str, Any] = {
        **plan.axes,
        "versions": [entry for entry in plan.axes["versions"] if entry["name"] in versions],
        "settings": [{}],
        "seeds": list(seeds),
        "cells": list(cells),
    }
    name = plan.name[: names.LONGEST_NAME - len(suffix)].rstrip("-") + suffix
    comparison = {"name": name, "uid": hashing.sha256_of_json(axes)}
    document = plan.document
    return Plan(document_of(comparison, axes, document["execution"], document["analysis"]))


def trial_hours(made: Plan, candidates: Sequence[Candidate]) -> float | None:
    """Return hours of training, one trial after the other, at the median of each version here."""
    seconds = {usage.version: usage.median_wall_seconds for usage in _usages(candidates)}
    known = [seconds.get(version) for version in made.versions]
    per_trial = [second for second in known if second is not None]
    if len(per_trial) < len(known):
        return None
    return sum(per_trial) * made.trials_per_version / 3600


def _usages(candidates: Sequence[Candidate]) -> list[Usage]:
    found = [candidate.resources for candidate in candidates]
    return [usage for resources in found for usage in (resources.baseline, resources.candidate)]
