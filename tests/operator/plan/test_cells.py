from collections.abc import Callable

import pytest

from diptych.api.ladder import aspects_of, rungs_of
from diptych.api.resource import VersionComparison
from diptych.plan.cells import cells_of

Compare = Callable[..., VersionComparison]
ASPECTS = ["initialWeights", "batchOrder"]


def rows(resource: VersionComparison, settings: int = 1) -> list[tuple[str, int, int, int]]:
    return [(*cell,) for cell in cells_of(resource.spec, ASPECTS, settings)]


def test_the_verdict_comes_first_then_noise_then_sweep_then_ladder(compare: Compare) -> None:
    resource = compare(
        seeds={"count": 8},
        noiseFloor={"seeds": 3, "repeats": 3},
        attribution={"controls": ["SharedOrder", "SharedInit"], "seeds": 2},
    )
    assert rows(resource, settings=3) == [
        ("Native", 0, 0, 8),
        ("Native", 0, 1, 3),
        ("Native", 0, 2, 3),
        ("Native", 1, 0, 8),
        ("Native", 2, 0, 8),
        ("SharedInit", 0, 0, 2),
        ("SharedInit", 0, 1, 2),
        ("SharedInit", 0, 2, 2),
        ("SharedOrder", 0, 0, 2),
        ("SharedOrder", 0, 1, 2),
        ("SharedOrder", 0, 2, 2),
    ]


def test_no_cell_covers_more_seeds_than_there_are(compare: Compare) -> None:
    resource = compare(
        seeds={"values": [7, 9]},
        noiseFloor={"seeds": 50, "repeats": 2},
        attribution={"controls": ["SharedInit"], "seeds": 50},
    )
    assert {seeds for *_, seeds in rows(resource)} == {2}


def test_one_run_a_seed_measures_no_noise(compare: Compare) -> None:
    assert rows(compare(noiseFloor={"repeats": 1})) == [("Native", 0, 0, 10)]


def test_attribution_has_five_seeds_when_left_out(compare: Compare) -> None:
    resource = compare(attribution={"controls": ["SharedInit"]}, noiseFloor={"repeats": 1})
    assert rows(resource)[-1] == ("SharedInit", 0, 0, 5)


@pytest.mark.parametrize(
    ("control", "ladder", "aspects", "rungs"),
    [
        ("Native", ["SharedInit", "SharedOrder"], [], []),
        ("Native", ["SharedOrder", "SharedInit"], ASPECTS, ["SharedInit", "SharedOrder"]),
        ("Native", ["SharedMasks", "SharedOrder"], ASPECTS, ["SharedOrder"]),
        ("Native", ["SharedOrder", "SharedInit"], ["batchOrder"], ["SharedOrder"]),
        ("SharedOrder", ["SharedInit", "SharedMasks"], ASPECTS, ["SharedInit"]),
        ("SharedInit", ["SharedInit"], ASPECTS, []),
    ],
)
def test_a_control_that_changes_nothing_is_not_run_again(
    control: str, ladder: list[str], aspects: list[str], rungs: list[str]
) -> None:
    assert rungs_of(control, ladder, aspects) == rungs


def test_everything_can_be_held_equal_in_a_module() -> None:
    everything = ["initialWeights", "batchOrder", "masks", "parameters", "numerics"]
    assert aspects_of(None, {}) == everything
    assert aspects_of("adam-linear-regression", {}) == [*ASPECTS, "parameters", "numerics"]
    assert aspects_of("mnist-mlp", {}) == everything


def test_an_aspect_that_the_parameters_leave_nothing_of_is_not_held_equal() -> None:
    assert "masks" not in aspects_of("mnist-mlp", {"dropout": "0.0"})
    explicit = {"learningRate": "0.001", "beta1": "0.9", "beta2": "0.999", "epsilon": "0.0000001"}
    assert "parameters" not in aspects_of("mnist-mlp", explicit)
    assert "parameters" in aspects_of("mnist-mlp", {**explicit, "epsilon": "not a number"})
    assert "parameters" not in aspects_of("adam-quadratic", {"optimizer": "momentum"})
