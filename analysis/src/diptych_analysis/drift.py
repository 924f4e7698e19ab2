"""Frameworks change what a metric's name means; the change of the meaning, in the metric's unit.

TensorFlow 2.2 made the string 'accuracy' look at the shape of the labels: the same predictions
got another number. Ours is recomputed from predictions and means the same in every version.
"""

from collections.abc import Sequence

from diptych_analysis.records.outcome import Committed
from diptych_analysis.statistics.sample import Values, mean, pair

#: Our metrics are of the test set; the framework says `accuracy` where we say `test_accuracy`.
_TEST = "test_"


def drift_of(
    baseline: Sequence[Committed], candidate: Sequence[Committed], metric: str, seeds: Sequence[int]
) -> float | None:
    """Return how much more the framework's metric moved from baseline to candidate than ours.

    Mean over paired seeds; None unless every seed's trials of both versions report the metric.
    """
    sample = pair(_excess(baseline, metric), _excess(candidate, metric), seeds)
    return mean(sample.differences) if sample.count else None


def _excess(records: Sequence[Committed], metric: str) -> Values:
    """Return the framework's value less ours, by seed, one a repeat."""
    name = metric.removeprefix(_TEST)
    if any(name not in record.reported for record in records):
        return {}
    values: dict[int, list[float]] = {}
    for record in records:
        excess = record.reported[name] - record.metrics[metric]
        values.setdefault(record.trial.seed, []).append(excess)
    return values
