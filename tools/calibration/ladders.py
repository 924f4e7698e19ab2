"""Ladders of controls with a known cause, from records to the sentence that names one.

A trial's loss is a sum of draws, one of each thing that versions may do differently, all normal
or all of heavy tails. A control that holds such a thing equal gives both versions the same draw.
What is left over, called arithmetic, no control holds equal. A mean difference comes on top.
"""

import functools
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from tests.analysis.builder import B, Training, begun, cell, metric, plan, training
from tools.calibration.counted import line, share, summaries

from diptych_analysis.summary import Candidate
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial

#: Of a loss over seeds, and of repeats, in its unit.
_SEED_SD, _REPEAT_SD = 0.02, 0.0005
_LADDER = ("Native", "SharedInit", "SharedOrder", "SharedMasks", "SharedParameters")
#: The share of the squared distance that a control may leave and yet be the one to name.
_LEAST = 0.06
_NAMED = re.compile(r"is gone.*? once both versions .*? \((\w+)\)")


@dataclass(frozen=True)
class Truth:
    """What is so: `shares` of the draws' variance by aspect; the rest is arithmetic.

    `mean` is the candidate's difference in seed sds; the control `takes` and those above it end
    it, or none does. `verdict` seeds are judged, of which the ladder has `seeds`.
    """

    told: str
    seeds: int
    shares: Mapping[str, float] = field(default_factory=dict)
    mean: float = 0.0
    takes: str | None = None
    heavy: bool = False
    verdict: int = 0

    @property
    def seeds_told(self) -> str:
        """Seeds of the ladder, of those of the verdict where they are others."""
        return f"{self.seeds} of {self.verdict}" if self.verdict else str(self.seeds)

    def distance(self, control: str) -> float:
        """Return the expected square of a seed's difference without repeats, in seed variances."""
        held = names.shared_aspects(control)
        mean = self.mean if self.keeps_its_mean(control) else 0.0
        gone = sum(share for aspect, share in self.shares.items() if aspect in held)
        return 2 * (1 - gone) + mean**2

    def share(self, control: str) -> float:
        """Return the share of the squared distance that a control takes away."""
        return 1 - self.distance(control) / self.distance(_LADDER[0])

    def keeps_its_mean(self, control: str) -> bool:
        """Say whether the mean difference is there under a control."""
        return self.mean != 0 and (
            self.takes is None or _LADDER.index(control) < _LADDER.index(self.takes)
        )

    @property
    def to_name(self) -> list[str]:
        """The controls that leave hardly more than the strongest does, weakest first."""
        most = self.share(_LADDER[-1])
        return [c for c in _LADDER if self.share(c) >= most - _LEAST] if most else []


@dataclass
class Tally:
    """What was said of `comparisons`; counts of what could be said, and of what was."""

    truth: Truth
    comparisons: int = 0
    named: int = 0
    right: int = 0
    weakest: int = 0
    idle: int = 0
    idle_named: int = 0
    intervals: int = 0
    covered: int = 0
    means: int = 0
    wrong_means: int = 0


_INIT, _ORDER, _MASKS = names.INITIAL_WEIGHTS, names.BATCH_ORDER, names.MASKS
TRUTHS = (
    Truth("arithmetic alone", 5),
    Truth("arithmetic alone", 10),
    Truth("arithmetic alone", 20),
    Truth("arithmetic alone, t(3)", 10, heavy=True),
    Truth("arithmetic alone, mean 2", 10, mean=2.0),
    Truth("initial weights 95 %", 5, {_INIT: 0.95}),
    Truth("initial weights 95 %", 10, {_INIT: 0.95}),
    Truth("order 60 %, masks 35 %", 10, {_ORDER: 0.6, _MASKS: 0.35}),
    Truth("masks 50 %", 10, {_MASKS: 0.5}),
    Truth("masks 50 %", 20, {_MASKS: 0.5}),
    Truth("masks 95 %, t(3)", 10, {_MASKS: 0.95}, heavy=True),
    Truth("masks 95 %, mean 1 stays", 20, {_MASKS: 0.95}, mean=1.0),
    Truth("masks 95 %, mean 1 with it", 20, {_MASKS: 0.95}, mean=1.0, takes="SharedMasks"),
    Truth("masks 95 %, mean 2 with it", 10, {_MASKS: 0.95}, mean=2.0, takes="SharedMasks"),
    Truth("masks 95 %, mean 1 stays", 10, {_MASKS: 0.95}, mean=1.0, verdict=20),
    Truth("a default, mean 3", 10, {_INIT: 0.9}, mean=3.0, takes="SharedParameters"),
)


def tally(truth: Truth, comparisons: int) -> Tally:
    """Write, read and judge so many comparisons of a truth; the same numbers every time."""
    found = Tally(truth)
    trained = functools.partial(_trained, truth)
    for summary in summaries(_plan(truth), trained, comparisons):
        count(found, summary.candidates[0])
    return found


def count(found: Tally, candidate: Candidate) -> None:
    """Add what one comparison said."""
    truth, cause = found.truth, candidate.cause or ""
    found.comparisons += 1
    named = _NAMED.search(cause)
    found.named += named is not None
    found.right += named is not None and named.group(1) in truth.to_name
    found.weakest += named is not None and named.group(1) in truth.to_name[:1]
    idle = {c for c in _LADDER[1:] if truth.share(c) == 0}
    found.idle += bool(idle)
    found.idle_named += any(
        row.control in idle and row.evidence == "Proved" for row in candidate.attribution
    )
    for row in candidate.attribution[1:]:
        if row.explains_interval is not None:
            low, high = row.explains_interval
            found.intervals += 1
            found.covered += low <= truth.share(row.control) <= high
    if named is not None and truth.mean:
        stays = truth.keeps_its_mean(named.group(1))
        found.means += 1
        found.wrong_means += stays and "and the mean difference of" in cause
        found.wrong_means += not stays and "something else causes that" in cause


def table(found: Sequence[Tally]) -> list[str]:
    """Return the lines of a table of what was said of the cause by truth."""
    lines = [
        "| what differs | n | comparisons | idle control proved | a cause named | one that holds "
        "it | the weakest of these | share's interval covers | wrong of the mean |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for each in found:
        cells = [
            each.truth.told,
            each.truth.seeds_told,
            str(each.comparisons),
            share(each.idle_named, each.idle),
            share(each.named, each.comparisons),
            share(each.right, each.comparisons if each.truth.to_name else 0),
            share(each.weakest, each.comparisons if each.truth.to_name else 0),
            share(each.covered, each.intervals),
            share(each.wrong_means, each.means),
        ]
        lines.append(line(cells))
    return lines


def _plan(truth: Truth) -> Plan:
    verdict = truth.verdict or truth.seeds
    return plan(
        seeds=verdict,
        cells=[
            cell(_LADDER[0], seeds=verdict),
            cell(_LADDER[0], repeat=1, seeds=2),
            *(cell(control, seeds=truth.seeds) for control in _LADDER[1:]),
        ],
        axes={
            "workload": {
                "builtin": "mnist-mlp",
                "module": None,
                "parameters": {"dropout": "0.2", "epsilon": None},
                "data": None,
            }
        },
        analysis={"metrics": [metric(margin=str(_SEED_SD / 4))]},
    )


def _trained(truth: Truth, number: int) -> Callable[[Trial], Training]:
    """Return what trains a comparison's trials."""
    stream = [zlib.crc32(repr(truth).encode()), number]
    parts = {**truth.shares, "": 1 - sum(truth.shares.values())}

    def draw(*place: int) -> float:
        rng = np.random.default_rng([*stream, *place])
        return float(rng.standard_t(3) / np.sqrt(3) if truth.heavy else rng.normal())

    def train(trial: Trial) -> Training:
        held = names.shared_aspects(trial.control)
        candidate = trial.version == B
        rung = _LADDER.index(trial.control)
        noise = sum(
            np.sqrt(share)
            * (draw(k, trial.seed, 2) if aspect in held else draw(k, trial.seed, candidate, rung))
            for k, (aspect, share) in enumerate(parts.items())
        )
        mean = truth.mean if candidate and truth.keeps_its_mean(trial.control) else 0.0
        again = draw(len(parts), trial.seed, candidate, rung, trial.repeat)
        loss = 1 + _SEED_SD * (noise + mean) + _REPEAT_SD * again
        away = candidate and names.INITIAL_WEIGHTS not in held
        return begun(training(float(loss), again), away=away)

    return train
