"""Comparisons of several metrics, versions and outcomes with a known truth, from records.

Each trial's predictions are made so that three primary metrics come out as drawn: an accuracy of
200 examples (coarse, full of ties), a skewed loss, and a normal one. They hang together within a
training, and across versions by seed as much as a case says. What is judged is a whole comparison,
by what `diptych analyze` runs.
"""

import functools
import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from tests.analysis.builder import Training, cell, diverged, metric, plan
from tools.calibration.counted import line, share, summaries

from diptych_analysis.statistics.sample import Floats
from diptych_analysis.summary import Candidate, Summary
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial

ALPHA = 0.05
#: Of three metrics, in sds of a difference between two versions at one seed.
MARGIN = 1.1
_EXAMPLES, _FREE = 200, 11
#: Of each metric over seeds: examples, nats, and the unit of the third.
_RIGHT, _RIGHT_SD = 160, 4
_LOSS, _LOSS_SD = 0.55, 0.02
_OTHER, _OTHER_SD = 1.38, 0.01
#: What e^(skew z) of a normal z has for its sd and mean.
_SKEW = 0.8
_SKEWED_SD = math.sqrt(math.expm1(_SKEW**2) * math.exp(_SKEW**2))
#: No seed lies farther out: predictions cannot hold everything.
_FARTHEST = 3.0
_METRICS = (
    ("test_accuracy", "accuracy"),
    ("test_loss", "sparseCategoricalCrossentropy"),
    ("other_loss", "absoluteErrorWithSquare"),
)


@dataclass(frozen=True)
class Truth:
    """What is so: how far each candidate's metrics lie from the baseline's, in margins.

    `correlation` is that of two versions at one seed; `diverging` and `failing` are the shares of
    trials that do so by chance, in every version alike. Without `declared` margins nothing is
    called Equivalent before it could be called Different.
    """

    told: str
    seeds: int
    shifts: tuple[tuple[float, float, float], ...]
    correlation: float = 0.0
    diverging: float = 0.0
    failing: float = 0.0
    declared: bool = True

    @property
    def margins(self) -> tuple[float, float, float]:
        """One for each metric, in its unit; the accuracy's a whole number of examples."""
        apart = MARGIN * math.sqrt(2 * (1 - self.correlation))
        return round(apart * _RIGHT_SD) / _EXAMPLES, apart * _LOSS_SD, apart * _OTHER_SD


@dataclass
class Tally:
    """What was said of `comparisons`, wrongly and rightly; counts of what could be said so."""

    truth: Truth
    comparisons: int = 0
    equal_rows: int = 0
    false_different_rows: int = 0
    false_different: int = 0
    apart_rows: int = 0
    false_equivalent_rows: int = 0
    apart_candidates: int = 0
    false_equivalent_candidates: int = 0
    false_equivalent: int = 0
    equal_candidates: int = 0
    equivalent_candidates: int = 0
    different_candidates: int = 0


_EQUAL, _AT, _BEYOND = (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (2.0, 0.0, 0.0)
_OTHER_MARGINS = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, -1.0))


def _equal(seeds: int, **changes: float) -> Truth:
    return Truth("three equal candidates", seeds, (_EQUAL,) * 3, declared=False, **changes)


TRUTHS = (
    _equal(5),
    _equal(10),
    _equal(10, correlation=0.5),
    _equal(10, correlation=0.95),
    _equal(20),
    replace(_equal(10, diverging=0.1), told="equal, 10 % of trials diverge"),
    replace(_equal(10, failing=0.05), told="equal, 5 % of trials fail"),
    Truth("accuracy at the margin", 5, (_AT,)),
    Truth("accuracy at the margin", 10, (_AT,)),
    Truth("accuracy at the margin", 20, (_AT,), correlation=0.5),
    Truth("loss at the margin", 10, ((0.0, 1.0, 0.0),)),
    Truth("loss at the margin", 10, ((0.0, -1.0, 0.0),), correlation=0.95),
    Truth("three candidates, each at a margin", 10, _OTHER_MARGINS),
    Truth("one equal, one at, one beyond", 10, (_EQUAL, _AT, _BEYOND)),
    Truth("one equal, one at, one beyond", 10, (_EQUAL, _AT, _BEYOND), correlation=0.95),
    Truth("accuracy at the margin, 5 % fail", 10, (_AT,), failing=0.05),
)


def tally(truth: Truth, comparisons: int) -> Tally:
    """Write, read and judge so many comparisons of a truth; the same numbers every time."""
    found = Tally(truth)
    trained = functools.partial(_trained, truth)
    for summary in summaries(_plan(truth), trained, comparisons):
        count(found, summary)
    return found


def count(found: Tally, summary: Summary) -> None:
    """Add what one comparison said."""
    alarms = wrong = False
    for shift, candidate in zip(found.truth.shifts, summary.candidates, strict=True):
        if candidate.verdict in ("Invalid", "Identical"):
            raise ValueError(f"{found.truth}: {candidate.reason}")
        rows = [row for row in candidate.metrics if row.primary]
        for apart, row in zip(shift, rows, strict=True):
            found.equal_rows += apart == 0
            found.apart_rows += abs(apart) >= 1
            cries = apart == 0 and row.verdict == "Different"
            found.false_different_rows += cries
            found.false_equivalent_rows += abs(apart) >= 1 and row.verdict == "Equivalent"
            alarms |= cries
        # Whether trials diverge or fail is alike in every version here.
        alarms |= _outcomes_differ(candidate)
        is_apart = max(map(abs, shift)) >= 1
        equivalent = candidate.verdict == "Equivalent"
        found.apart_candidates += is_apart
        found.equal_candidates += not is_apart
        found.false_equivalent_candidates += is_apart and equivalent
        found.equivalent_candidates += not is_apart and equivalent
        found.different_candidates += is_apart and candidate.verdict == "Different"
        wrong |= is_apart and equivalent
    found.comparisons += 1
    found.false_different += alarms
    found.false_equivalent += wrong


def table(found: Sequence[Tally]) -> list[str]:
    """Return the lines of a table of errors by truth."""
    lines = [
        "| truth | n | correlation | comparisons | false Different: a metric | anywhere | "
        "false Equivalent: a metric | a candidate | anywhere | right: Equivalent | Different |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for each in found:
        truth = each.truth
        cells = [
            truth.told,
            str(truth.seeds),
            f"{truth.correlation:g}",
            str(each.comparisons),
            share(each.false_different_rows, each.equal_rows),
            share(each.false_different, each.comparisons if each.equal_rows else 0),
            share(each.false_equivalent_rows, each.apart_rows),
            share(each.false_equivalent_candidates, each.apart_candidates),
            share(each.false_equivalent, each.comparisons if each.apart_rows else 0),
            share(each.equivalent_candidates, each.equal_candidates if truth.declared else 0),
            share(each.different_candidates, each.apart_candidates),
        ]
        lines.append(line(cells))
    return lines


def _outcomes_differ(candidate: Candidate) -> bool:
    return any(o.p_adjusted is not None and o.p_adjusted < ALPHA for o in candidate.outcomes)


def _plan(truth: Truth) -> Plan:
    asked = [
        metric(name=name, evaluator=evaluator, margin=repr(margin) if truth.declared else None)
        for (name, evaluator), margin in zip(_METRICS, truth.margins, strict=True)
    ]
    return plan(
        seeds=truth.seeds,
        cells=[cell(seeds=truth.seeds)],
        versions=tuple(f"2.{minor}.0" for minor in range(len(truth.shifts) + 1)),
        analysis={"metrics": asked, "minimumCompletedPercent": 50},
    )


def _trained(truth: Truth, number: int) -> Callable[[Trial], Training]:
    """Return what trains a comparison's trials."""
    stream = [zlib.crc32(repr(truth).encode()), number]
    common = _hanging(np.random.default_rng([*stream, 0]), truth.seeds)

    def train(trial: Trial) -> Training:
        version = int(trial.version.split(".")[1])
        rng = np.random.default_rng([*stream, 1, version, trial.seed])
        (own,) = _hanging(rng, 1)
        rho = truth.correlation
        place = np.sqrt(rho) * common[trial.seed - 1] + np.sqrt(1 - rho) * own
        shifts = truth.shifts[version - 1] if version else _EQUAL
        apart = tuple(m * s for m, s in zip(truth.margins, shifts, strict=True))
        done = _classifier(np.clip(place, -_FARTHEST, _FARTHEST), apart)
        chance = rng.random()
        if chance < truth.diverging:
            return diverged(replace(done, losses=(2.0, math.nan)))
        if chance < truth.diverging + truth.failing:
            return replace(done, outcome=names.FAILED)
        return done

    return train


def _hanging(rng: np.random.Generator, count: int) -> Floats:
    """Return normal numbers of shape (count, metrics), those of one training with correlation."""
    shared = rng.normal(size=(count, 1))
    hanging: Floats = np.sqrt(0.5) * (shared + rng.normal(size=(count, len(_METRICS))))
    return hanging


def _classifier(place: Floats, apart: tuple[float, ...]) -> Training:
    """Return a trial with metrics at `place`, in sds, and `apart` more, in their units."""
    right = round(_RIGHT + _RIGHT_SD * float(place[0])) + round(_EXAMPLES * apart[0])
    skewed = (math.exp(_SKEW * float(place[1])) - math.exp(_SKEW**2 / 2)) / _SKEWED_SD
    loss = _LOSS + _LOSS_SD * skewed + apart[1]
    other = _OTHER + _OTHER_SD * float(place[2]) + apart[2]
    return Training(
        outputs=outputs_of(right, loss, other),
        targets=targets(),
        losses=(2.0, 1.0),
        checkpoints={2: {"weights/w": place}},
    )


def targets() -> np.ndarray:
    """Return the classes of the test examples: 1 and 2 by turns."""
    return 1 + np.arange(_EXAMPLES) % 2


def outputs_of(right: int, loss: float, other: float) -> Floats:
    """Return outputs (examples, classes) whose three metrics are these, to rounding.

    How many are right gives the accuracy, the probability of the right ones the loss, and columns
    that are never the largest the third.
    """
    wrong = _EXAMPLES - right
    sure = math.exp(-(_EXAMPLES * loss + wrong * math.log(0.3)) / right)
    outputs = np.zeros((_EXAMPLES, 2 + _FREE))
    rows, labels = np.arange(_EXAMPLES), targets()
    is_right = rows * right % _EXAMPLES < right
    outputs[rows, labels] = np.where(is_right, sure, 0.3)
    outputs[rows, 3 - labels] = np.where(is_right, 0.25, 0.6)
    known = np.mean(np.abs(labels[:, np.newaxis] - outputs) + 0.001 * np.square(outputs))
    # Each of the free outputs v takes away v and adds 0.001 v^2.
    needed = float(known - other) * (2 + _FREE) / _FREE
    free = (1 - math.sqrt(max(0.0, 1 - 0.004 * needed))) / 0.002
    if not (0.25 < sure < 1 and 0 <= free < 0.25 and int(is_right.sum()) == right):
        raise ValueError(f"no outputs have {right} right, loss {loss}, other loss {other}")
    outputs[:, 0] = free
    outputs[:, 3:] = free
    return outputs
