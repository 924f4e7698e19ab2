"""Which (control, setting, repeat) cells a plan has, and how many of the first seeds each covers.

Within a seed the order is: the control of the verdict, its repeats, the sweep, the attribution
ladder. So whatever is cut off at the end, what the verdict needs most is there first.
"""

from collections.abc import Iterator, Sequence

from diptych.api.ladder import rungs_of
from diptych.api.seeds import NoiseFloor
from diptych.api.spec import Spec
from diptych_runner.contract.plan import Cell


def cells_of(spec: Spec, aspects: Sequence[str], settings: int) -> list[Cell]:
    """Return the cells of a plan in their order, for a workload that has these aspects."""
    seeds = len(spec.seeds.resolved)
    control = str(spec.control)
    cells = [*_with_repeats(control, seeds, spec.noise_floor)]
    cells += [Cell(control, setting, 0, seeds) for setting in range(1, settings)]
    if spec.attribution is None:
        return cells
    rungs = min(spec.attribution.seeds, seeds)
    for rung in rungs_of(control, spec.attribution.controls, aspects):
        cells += _with_repeats(rung, rungs, spec.noise_floor)
    return cells


def _with_repeats(control: str, seeds: int, noise_floor: NoiseFloor) -> Iterator[Cell]:
    yield Cell(control, 0, 0, seeds)
    for repeat in range(1, noise_floor.repeats):
        yield Cell(control, 0, repeat, min(noise_floor.seeds, seeds))
