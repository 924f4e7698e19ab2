"""How often this pipeline cries wolf on this noise: a version's own trials against each other.

The seeds of one version are split at random into two halves, which are judged as two versions
would be: pairs, both methods, Holm's correction, verdict. Nothing differs, so Different is a false
alarm. A difference planted into one half tells what would have been caught.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, permutations

import numpy as np
from scipy import stats

from diptych_analysis.diverging import Diverging
from diptych_analysis.estimate import Pairing, Terms, decides, estimate, side_of, values_of
from diptych_analysis.families import corrected, terms_of
from diptych_analysis.measured import Measured, Question
from diptych_analysis.records.outcome import Committed
from diptych_analysis.records.table import Table
from diptych_analysis.statistics import flips, inference, paired
from diptych_analysis.statistics.sample import mean
from diptych_analysis.summary import Calibration, MetricCalibration, Rate, Verdict
from diptych_analysis.verdicts import metric_verdict
from diptych_runner.contract import hashing

#: Splits, and splits for each size of a planted difference; fewer where each is bootstrapped.
SPLITS, PLANTED = 1000, 200
BOOTSTRAPPED_SPLITS, BOOTSTRAPPED_PLANTED = 400, 100
POWER = 0.8
#: Two pairs are the fewest that have a spread.
FEWEST_SEEDS = 4
_DOUBLINGS, _HALVINGS = 24, 7


def calibrations(table: Table, question: Question, content: str) -> list[Calibration]:
    """Return a calibration of each version that has at least four seeds, in the plan's order.

    `content` seeds the splits: equal records give equal numbers.
    """
    found = []
    family = terms_of(table, question).deciding
    for version in table.plan.versions:
        trials = _one_a_seed(table.succeeded(version, (question.control, 0)), question)
        if len(trials) >= FEWEST_SEEDS:
            found.append(_Splitter(version, trials, question, content, family).calibration())
    return found


def _one_a_seed(records: Sequence[Committed], question: Question) -> list[Committed]:
    """Return one record a seed, its metrics the means over repeats."""
    first = {record.trial.seed: record for record in reversed(records)}
    values = {str(m["name"]): values_of(records, str(m["name"])) for m in question.metrics}
    return [
        replace(
            first[seed],
            metrics={name: mean(found[seed]) for name, found in values.items()},
            reported={},
        )
        for seed in question.seeds
        if seed in first
    ]


@dataclass(frozen=True)
class _Splitter:
    """One version's trials, one a seed, and how they are judged.

    `family` is how many tests the comparison's own Holm correction covers: two halves stand for
    one candidate of all.
    """

    version: str
    trials: Sequence[Committed]
    question: Question
    content: str
    family: int

    @property
    def metrics(self) -> list[dict[str, object]]:
        return [dict(metric) for metric in self.question.metrics if decides(metric, 0)]

    @property
    def pairs(self) -> int:
        return len(self.trials) // 2

    @property
    def sizes(self) -> tuple[int, int]:
        """How many splits, and how many for each planted difference."""
        if self.all_splits:
            return len(self.all_splits), min(len(self.all_splits), PLANTED)
        if self.pairs > flips.MOST_SEEDS:
            return BOOTSTRAPPED_SPLITS, BOOTSTRAPPED_PLANTED
        return SPLITS, PLANTED

    @cached_property
    def all_splits(self) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
        """Every split in a random order where they are few; [] where splits are drawn."""
        count = len(self.trials)
        # The order of pairs does not matter.
        distinct = math.factorial(count) // (
            math.factorial(count - 2 * self.pairs) * math.factorial(self.pairs)
        )
        if distinct > SPLITS:
            return []
        found = [
            (first, second)
            for first in combinations(range(count), self.pairs)
            for second in permutations([k for k in range(count) if k not in first], self.pairs)
        ]
        return [found[int(k)] for k in self._generator("all").permutation(len(found))]

    def _generator(self, split: object) -> np.random.Generator:
        stream = hashing.sha256_of_json([self.content, self.version, split])
        return np.random.default_rng(int(stream, 16))

    def _halves(self, split: int) -> tuple[Sequence[int], Sequence[int]]:
        """Return the places of the two halves' trials, in the order of their pairs."""
        if self.all_splits:
            return self.all_splits[split]
        order = [int(k) for k in self._generator(split).permutation(len(self.trials))]
        return order[: self.pairs], order[self.pairs : 2 * self.pairs]

    def _decider(self, seeds: int) -> inference.Decider:
        return inference.decider(seeds, self.question.alpha, max(1, self.family))

    def calibration(self) -> Calibration:
        said = [self._said(split, {}) for split in range(self.sizes[0])]
        rate = _share if self.all_splits else _rate
        return Calibration(
            version=self.version,
            seeds=len(self.trials),
            pairs=self.pairs,
            splits=len(said),
            all_splits=bool(self.all_splits),
            decided_by=self._decider(self.pairs),
            decided_by_in_whole=self._decider(len(self.trials)),
            different=rate(["Different" in verdicts for verdicts in said]),
            metrics=[
                MetricCalibration(
                    name=str(metric["name"]),
                    different=rate([verdicts[place] == "Different" for verdicts in said]),
                    equivalent=rate([verdicts[place] == "Equivalent" for verdicts in said]),
                    caught=self._caught(place, metric),
                )
                for place, metric in enumerate(self.metrics)
            ],
        )

    def _said(self, split: int, planted: dict[str, float]) -> list[Verdict]:
        """Return the verdicts of one split; `planted` is added to the second half, by metric."""
        first, second = ([self.trials[k] for k in half] for half in self._halves(split))
        alpha = self.question.alpha
        terms = Terms(
            seeds=range(self.pairs),
            alpha=alpha,
            content=f"{self.content}/{split}",
            deciding=self.family,
            others=0,
        )
        nothing = Diverging(0, self.pairs, frozenset(), frozenset(), exact=False)
        pairing = Pairing(
            version=self.version,
            control=self.question.control,
            setting=0,
            baseline=_renamed(first, {}),
            candidate=_renamed(second, planted),
            identical=False,
            exact=False,
            diverging=nothing,
            problem=None,
        )
        rows = [estimate(pairing, metric, terms) for metric in self.metrics]
        beside = self.family - len(rows)
        (adjusted,) = corrected([Measured(self.version, rows, [], problems=[])], alpha, beside)
        return [metric_verdict(row, p, alpha) for row, p in zip(rows, adjusted, strict=True)]

    def _caught(self, place: int, metric: dict[str, object]) -> float | None:
        """Return the planted difference that is called Different in 80 % of splits."""
        name = str(metric["name"])
        # The side on which non-inferiority is lost; for equivalence either.
        way = -1.0 if side_of(metric) == paired.NOT_BELOW else 1.0

        def is_caught(size: float) -> bool:
            told = [self._said(split, {name: way * size})[place] for split in range(self.sizes[1])]
            return told.count("Different") >= POWER * len(told)

        values = [trial.metrics[name] for trial in self.trials]
        return _smallest(is_caught, float(np.ptp(values)) or abs(values[0]) or 1.0)


def _renamed(trials: Sequence[Committed], planted: dict[str, float]) -> list[Committed]:
    """Return the trials of one half as those of seeds 0, 1, 2, ..."""
    return [
        replace(
            trial,
            trial=trial.trial._replace(seed=seed, repeat=0),
            metrics={k: v + planted.get(k, 0.0) for k, v in trial.metrics.items()},
        )
        for seed, trial in enumerate(trials)
    ]


def _smallest(is_caught: Callable[[float], bool], start: float) -> float | None:
    """Return the smallest size that is caught, to about 1 %; None when none is."""
    high = start
    for _ in range(_DOUBLINGS):
        if not math.isfinite(high):
            return None
        if is_caught(high):
            break
        high *= 2
    else:
        return None
    low = 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_caught(middle) else (middle, high)
    return high


def _share(said: Sequence[bool]) -> Rate:
    return Rate(count=sum(said), share=sum(said) / len(said), interval=None)


def _rate(said: Sequence[bool]) -> Rate:
    found = stats.binomtest(sum(said), len(said)).proportion_ci(method="wilson")
    return Rate(
        count=sum(said), share=sum(said) / len(said), interval=(float(found.low), float(found.high))
    )
