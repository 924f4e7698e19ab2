"""Beyond one number for all: which examples get another prediction, and which classes suffer.

An accuracy may stand still while its parts move: another seed alone changes many predictions. So
the share of examples that change (churn) stands beside the share that changes between repeats and
seeds of one version, and classes are screened by their false-discovery rate.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np

from diptych_analysis.divergence import pairs_of
from diptych_analysis.envelope import independent_pairs, outside_needed
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.outcome import Committed, Record
from diptych_analysis.records.predicted import Predicted
from diptych_analysis.rows import finite_bounds
from diptych_analysis.statistics import paired
from diptych_analysis.statistics.fdr import false_discovery
from diptych_analysis.statistics.sample import mean
from diptych_analysis.summary import Churn, ChurnFloor, ClassDelta, Predictions

#: Classes that the summary lists, worst first.
MOST_CLASSES = 50
#: Seeds of one version whose predictions are compared with one another, at most.
_MOST_SEEDS = 48


def predictions_of(
    loader: Loader, records: tuple[Sequence[Record], Sequence[Record]], alpha: float
) -> Predictions | None:
    """Return churn and classes of a candidate; None unless every pair that Succeeded classifies.

    `records` are all of baseline and candidate in one cell.
    """
    pairs = [pair for pair in pairs_of(*records) if pair[0].succeeded and pair[1].succeeded]
    found = [(loader.predicted(left), loader.predicted(right)) for left, right in pairs]
    known = [
        (left, right)
        for left, right in found
        if left and right and left.targets_sha256 == right.targets_sha256
    ]
    if not known or len(known) < len(found):
        return None
    deltas = class_deltas(known, alpha)
    return Predictions(
        examples=len(known[0][0].labels),
        churn=_churn(loader, records, known, alpha),
        classes=deltas[:MOST_CLASSES],
        classes_left_out=max(0, len(deltas) - MOST_CLASSES),
        classes_that_differ=sum(delta.differs for delta in deltas),
    )


def churn(left: Predicted, right: Predicted) -> float:
    """Return the share of examples whose predicted class differs."""
    return float(np.mean(left.labels != right.labels))


def _churn(
    loader: Loader,
    records: tuple[Sequence[Record], Sequence[Record]],
    known: Sequence[tuple[Predicted, Predicted]],
    alpha: float,
) -> Churn:
    between = [churn(left, right) for left, right in known]
    floors = [
        floor
        for kind, groups in (("SameSeed", _repeats(records)), ("BetweenSeeds", _seeds(records)))
        if (floor := _floor(loader, kind, groups, between, alpha)) is not None
    ]
    return Churn(
        seeds=len(between),
        mean=mean(between),
        smallest=min(between),
        largest=max(between),
        floors=floors,
    )


def _floor(
    loader: Loader,
    kind: str,
    groups: Iterable[Sequence[Committed]],
    between: Sequence[float],
    alpha: float,
) -> ChurnFloor | None:
    """Return how much predictions change between runs of one version; None without two runs."""
    shares: list[float] = []
    compared = []
    for alike in _of_one_test_set(loader, groups):
        predicted = [found for _, found in alike]
        shares += [churn(left, right) for left, right in combinations(predicted, 2)]
        compared.append([run for run, _ in alike])
    if not shares:
        return None
    pairs = independent_pairs(compared)
    needed = outside_needed(len(between), pairs, alpha)
    above = sum(share > max(shares) for share in between)
    return ChurnFloor.model_validate(
        {
            "kind": kind,
            "pairs": pairs,
            "mean": mean(shares),
            "largest": max(shares),
            "exceeded": None if needed is None else above >= needed,
        }
    )


def _of_one_test_set(
    loader: Loader, groups: Iterable[Sequence[Committed]]
) -> list[list[tuple[Committed, Predicted]]]:
    """Return the runs of each group that predict the same examples, two at least."""
    found = []
    for runs in groups:
        by_targets: dict[str, list[tuple[Committed, Predicted]]] = {}
        for run in runs:
            predicted = loader.predicted(run)
            if predicted is not None:
                by_targets.setdefault(predicted.targets_sha256, []).append((run, predicted))
        found += [alike for alike in by_targets.values() if len(alike) > 1]
    return found


def class_deltas(known: Sequence[tuple[Predicted, Predicted]], alpha: float) -> list[ClassDelta]:
    """Return every class that has examples, the clearest and largest difference first."""
    left = np.array([pair[0].recall for pair in known])
    right = np.array([pair[1].recall for pair in known])
    examples = np.bincount(known[0][0].targets, minlength=left.shape[1])
    rows: list[dict[str, object]] = []
    for label in np.flatnonzero(~np.isnan(left + right).any(axis=0)).tolist():
        spread = paired.spread_of(right[:, label] - left[:, label], rounding=1e-12)
        rows.append(
            {
                "label": label,
                "examples": int(examples[label]),
                "baseline_mean": mean(left[:, label]),
                "candidate_mean": mean(right[:, label]),
                "difference": mean(right[:, label] - left[:, label]),
                "interval": None
                if spread is None
                else finite_bounds(paired.interval(spread, 1 - alpha)),
                "p_difference": None if spread is None else paired.p_difference(spread),
            }
        )
    adjusted = false_discovery([_p(row) for row in rows])
    found = [
        ClassDelta.model_validate({**row, "p_adjusted": p, "differs": p is not None and p < alpha})
        for row, p in zip(rows, adjusted, strict=True)
    ]
    return sorted(found, key=lambda delta: (not delta.differs, -abs(delta.difference), delta.label))


def _p(row: Mapping[str, object]) -> float | None:
    p = row["p_difference"]
    return p if isinstance(p, float) else None


def _repeats(records: Iterable[Sequence[Record]]) -> list[list[Committed]]:
    """Return the Succeeded runs of each version and seed."""
    groups: dict[tuple[str, int], list[Committed]] = {}
    for each in records:
        for record in _succeeded(each):
            groups.setdefault((record.trial.version, record.trial.seed), []).append(record)
    return list(groups.values())


def _seeds(records: Iterable[Sequence[Record]]) -> list[list[Committed]]:
    """Return the Succeeded first runs of each version, at most so many, spread over the seeds."""
    found = []
    for each in records:
        first = [record for record in _succeeded(each) if record.trial.repeat == 0]
        count = min(len(first), _MOST_SEEDS)
        found.append([first[k * len(first) // count] for k in range(count)])
    return found


def _succeeded(records: Iterable[Record]) -> list[Committed]:
    return [r for r in records if isinstance(r, Committed) and r.succeeded]
