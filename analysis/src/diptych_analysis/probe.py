"""One step taken apart: in which pass two versions part, from equal weights and an equal batch.

What counts as rounding is not one number for all models: each trial computed everything once more
from weights that differ in their last bit, and repeats show what chance does in one version. A
distance beyond a multiple of both, in most seeds, is a difference.
"""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from diptych_analysis import ulp
from diptych_analysis.records.files import checkpoint_path
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.npz import Array
from diptych_analysis.records.outcome import Committed
from diptych_analysis.records.table import Table
from diptych_analysis.sentences import number, seeds
from diptych_analysis.summary import Probe, ProbePhase
from diptych_analysis.summary.trajectories import Phase, PhaseVerdict, Place
from diptych_runner.contract import names

Arrays = Mapping[str, Array]

#: Phases in the order of a step, and which keys of probe.npz belong to them.
PHASES: tuple[Phase, ...] = (
    "forward",
    "loss",
    "backward",
    "optimizer",
    "update",
    "statistics",
)
_PREFIXES: Mapping[str, Phase] = {
    names.GRADIENTS_PREFIX: "backward",
    names.OPTIMIZED_PREFIX: "optimizer",
    names.UPDATES_PREFIX: "update",
    names.STATISTICS_PREFIX: "statistics",
}
#: Distances that are rounding whatever the model: float32 keeps 6e-8. An optimizer may compute
#: 1 - 0.999 in float32 in one version and not in another, which is 3e-5 of it; the mean of a
#: batch may be small beside what it is the mean of.
FLOORS: Mapping[Phase, float] = {
    "forward": 1e-6,
    "loss": 1e-6,
    "backward": 1e-6,
    "optimizer": 1e-4,
    "update": 1e-4,
    "statistics": 1e-3,
}
#: Another order of sums rounds more than one nudge of the last bit does, for each of its terms.
NUDGES = 32.0
#: A distance in another process may be larger than that of the few repeats.
SPREADS = 3.0
#: A tensor smaller than this share of its phase is measured against the phase: the gradient of a
#: bias before a batch normalisation is rounding alone.
_SMALL = 1e-4


@dataclass(frozen=True)
class Distance:
    """How far one array of a pair is apart, and how far rounding may carry it."""

    relative: float
    max_ulp: int | None
    tolerance: float
    equal: bool

    @property
    def is_different(self) -> bool:
        """Whether it is more than rounding."""
        return not self.equal and not self.relative <= self.tolerance


def probe_of(loader: Loader, table: Table, baseline: str, candidate: str) -> Probe | None:
    """Return what the probe says of two versions; None when no seed was probed in both."""
    probed = {version: _probed(loader, table, version) for version in (baseline, candidate)}
    spread = _spread(loader, [runs for found in probed.values() for runs in found.values()])
    pairs = [
        distances(arrays_of(loader, runs[0]), arrays_of(loader, other[0]), spread)
        for seed, runs in probed[baseline].items()
        if (other := probed[candidate].get(seed)) and _start_alike(loader, runs[0], other[0])
    ]
    if not pairs:
        return None
    (control,) = {runs[0].trial.control for runs in probed[baseline].values()}
    phases = [found for phase in PHASES if (found := _phase(phase, pairs)) is not None]
    return Probe(control=control, seeds=len(pairs), phases=phases, places=places_of(phases))


def distances(left: Arrays, right: Arrays, spread: Mapping[str, float]) -> dict[str, Distance]:
    """Return the distance of every array of two probes, by key."""
    found = {}
    for key in sorted({*left, *right}):
        if key.startswith(names.PERTURBED_PREFIX):
            continue
        if key not in left or key not in right or left[key].shape != right[key].shape:
            found[key] = Distance(math.inf, None, 0.0, equal=False)
            continue
        reference = _reference(left, key)
        nudged = [_nudged(arrays, key, _reference(arrays, key)) for arrays in (left, right)]
        found[key] = Distance(
            relative=_relative(left[key], right[key], reference),
            max_ulp=ulp.max_ulp(left[key], right[key]),
            tolerance=max(
                FLOORS[phase_of(key)],
                # The smaller: a version that computes in few bits is moved by more than rounding.
                NUDGES * min(nudged),
                SPREADS * spread.get(key, 0.0),
            ),
            equal=ulp.bits_equal(left[key], right[key]),
        )
    return found


def phase_of(key: str) -> Phase:
    """Return the phase that an array of a probe belongs to.

    >>> [phase_of(key) for key in ("outputs", "loss", "gradients/w", "optimized/w", "updates/w")]
    ['forward', 'loss', 'backward', 'optimizer', 'update']
    """
    if key == names.OUTPUTS_KEY:
        return "forward"
    if key == names.LOSS_KEY:
        return "loss"
    return next(phase for prefix, phase in _PREFIXES.items() if key.startswith(prefix))


def places_of(phases: Iterable[ProbePhase]) -> list[Place]:
    """Return where the versions part, each place by itself.

    Loss, gradients and moving means carry forward what came before them, so that they are named
    only where the forward pass agrees. The update of Adam turns the rounding of a tiny gradient
    into a whole step: it is evidence of the optimizer only after equal gradients, where the
    optimizer was not tried alone.
    """
    verdicts = {each.phase: each.verdict for each in phases}
    found: list[Place] = []
    passes: tuple[Place, ...] = ("forward", "loss", "backward")
    for phase in passes:
        if verdicts.get(phase) == "Different":
            found.append(phase)
            break
    alone = verdicts.get("optimizer")
    follows = verdicts.get("update") == "Different" and verdicts.get("backward") == "Equal"
    if alone == "Different" or (alone is None and follows):
        found.append("optimizer")
    if verdicts.get("statistics") == "Different" and "forward" not in found:
        found.append("statistics")
    return found


def sentence(probe: Probe) -> str:
    """Return what the probe says, for the sentence about the cause."""
    start = (
        f"One step from equal weights and an equal batch ({probe.control}, {seeds(probe.seeds)})"
    )
    if not probe.places:
        bits = all(each.verdict == "Equal" for each in probe.phases)
        how = "bit by bit" if bits else "up to rounding"
        what = ["outputs", "loss", "gradients"]
        what += ["moving statistics"] if any(p.phase == "statistics" for p in probe.phases) else []
        return f"{start} agrees {how} in {', '.join(what)} and optimizer."
    by_phase = {each.phase: each for each in probe.phases}
    told = [_told(place, by_phase.get(place) or by_phase["update"]) for place in probe.places]
    return f"{start} places a difference in {'; and in '.join(told)}."


_WORDS: Mapping[Place, tuple[str, str]] = {
    "forward": ("the forward pass", "the size of the outputs"),
    "loss": ("the loss, from equal outputs", "the loss"),
    "backward": ("the backward pass, from an equal loss", "the size of the gradient of"),
    "optimizer": ("the optimizer, by equal gradients", "the size of the update of"),
    "statistics": ("the moving statistics, from equal outputs", "the size of the change of"),
}


def _told(place: Place, worst: ProbePhase) -> str:
    where, what = _WORDS[place]
    whose = what if worst.tensor is None else f"{what} {worst.tensor}"
    if worst.relative_l2 is None:
        return f"{where}, which cannot be compared"
    return (
        f"{where}: {number(worst.relative_l2)} of {whose}, where rounding gives "
        f"{number(worst.tolerance)} at most"
    )


def _phase(phase: Phase, pairs: Sequence[Mapping[str, Distance]]) -> ProbePhase | None:
    by_key: dict[str, list[Distance]] = {}
    for pair in pairs:
        for key, distance in pair.items():
            if phase_of(key) == phase:
                by_key.setdefault(key, []).append(distance)
    if not by_key:
        return None
    worst = max(sorted(by_key), key=lambda key: _excess(by_key[key]))
    found = by_key[worst]
    steps = [each.max_ulp for each in found]
    relative = max(each.relative for each in found)
    return ProbePhase(
        phase=phase,
        verdict=_verdict(by_key.values()),
        tensor=worst.split("/", 1)[1] if "/" in worst else None,
        max_ulp=None if None in steps else max(each for each in steps if each is not None),
        relative_l2=relative if math.isfinite(relative) else None,
        tolerance=max(each.tolerance for each in found),
    )


def _verdict(found: Iterable[Sequence[Distance]]) -> PhaseVerdict:
    """A key is Different when it is in more than half of the seeds: a ReLU may flip in one."""
    rows = list(found)
    if any(2 * sum(each.is_different for each in row) > len(row) for row in rows):
        return "Different"
    return "Equal" if all(each.equal for row in rows for each in row) else "Rounding"


def _excess(found: Sequence[Distance]) -> float:
    return statistics.median(
        each.relative / each.tolerance if each.tolerance else math.inf for each in found
    )


def _probed(loader: Loader, table: Table, version: str) -> dict[int, list[Committed]]:
    """Return the records with a probe by seed, repeats in their order."""
    found: dict[int, list[Committed]] = {}
    for record in table.committed(version):
        probes = table.plan.probes(record.trial) and record.trial.setting == 0
        if probes and names.PROBE_FILE in loader.entries(record):
            found.setdefault(record.trial.seed, []).append(record)
    return {
        seed: sorted(records, key=lambda record: record.trial.repeat)
        for seed, records in found.items()
    }


def _start_alike(loader: Loader, left: Committed, right: Committed) -> bool:
    """Say whether a pair really began equal: code of one's own may change weights and batches."""
    first, second = (
        {
            key: entry["sha256"]
            for key, entry in loader.entries(record).get(checkpoint_path(0), {}).items()
            if key.startswith((names.WEIGHTS_PREFIX, names.STATISTICS_PREFIX))
        }
        for record in (left, right)
    )
    batches = (left.first_batch, right.first_batch)
    fed_alike = None in batches or batches[0] == batches[1]
    return bool(first) and first == second and fed_alike


def _spread(loader: Loader, runs: Iterable[Sequence[Committed]]) -> dict[str, float]:
    """Return, by key, the largest distance between repeats of one version and seed."""
    largest: dict[str, float] = {}
    for first, *others in runs:
        for other in others:
            for key, found in distances(
                arrays_of(loader, first), arrays_of(loader, other), {}
            ).items():
                largest[key] = max(largest.get(key, 0.0), found.relative)
    return largest


def arrays_of(loader: Loader, record: Committed) -> dict[str, Array]:
    """Return a record's probe."""
    entries = loader.entries(record)[names.PROBE_FILE]
    return dict(loader.arrays(record, names.PROBE_FILE, entries))


def _reference(arrays: Arrays, key: str) -> float:
    """Return the size that a distance is measured by: the array's, or a share of its phase's."""
    phase = phase_of(key)
    plain = (each for each in arrays if not each.startswith(names.PERTURBED_PREFIX))
    whole = [_norm(arrays[each]) for each in plain if phase_of(each) == phase]
    return max(_norm(arrays[key]), _SMALL * math.hypot(*whole))


def _nudged(arrays: Arrays, key: str, reference: float) -> float:
    again = arrays.get(names.PERTURBED_PREFIX + key)
    if again is None or again.shape != arrays[key].shape:
        return 0.0
    distance = _relative(arrays[key], again, reference)
    return distance if math.isfinite(distance) else 0.0


def _relative(left: Array, right: Array, reference: float) -> float:
    if ulp.bits_equal(left, right):
        return 0.0
    distance = _norm(right.astype(np.float64) - left.astype(np.float64))
    if not math.isfinite(distance):
        return math.inf
    return distance / reference if reference else (math.inf if distance else 0.0)


def _norm(values: Array) -> float:
    return float(np.linalg.norm(values.astype(np.float64).ravel()))
