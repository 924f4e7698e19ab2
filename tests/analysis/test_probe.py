"""The probe: what is rounding, what is a difference, and where in a step it is placed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.builder import A, Array, B, Training, cell, plan, store, training

from diptych_analysis import analyze_folder
from diptych_analysis.probe import distances, phase_of, sentence
from diptych_analysis.summary import Candidate, Probe
from diptych_runner.contract.trials import Trial

CONTROL = "SharedNumerics"
ONE_BIT = 1 + 2.0**-23


def arrays(seed: int, **planted: float | None) -> dict[str, Array]:
    """Return a probe; `planted` factors are applied to what they name, with what follows from it.

    A factor of one bit on the weights gives one bit in what they lead to.
    """
    drawn = np.random.default_rng(seed).normal(size=(4, 3)).astype(np.float32)
    keys = {"outputs": "outputs", "loss": "loss", "gradients": "gradients/w"}
    keys |= {"updates": "updates/w", "optimized": "optimized/w"}
    found: dict[str, Array] = {}
    for name, key in keys.items():
        factor = planted.get(name, 1.0)
        if factor is None:
            continue
        value = np.full((), 2, dtype=np.float32) if name == "loss" else drawn
        found[key] = np.asarray(value * np.float32(factor))
        if name in ("outputs", "loss", "gradients"):
            found[f"perturbed/{key}"] = np.asarray(found[key] * np.float32(ONE_BIT))
    return found


def candidate(tmp_path: Path, planted: dict[str, float], *, repeats: int = 1) -> Candidate:
    """Return what an analysis says of a candidate in which something was planted."""
    cells = [cell(CONTROL, repeat=repeat, seeds=3) for repeat in range(repeats)]
    made = plan(seeds=3, cells=cells, analysis={"control": CONTROL})

    def train(trial: Trial) -> Training:
        away = trial.version == B
        done = training(10 + trial.seed + away)
        found = arrays(trial.seed, **(planted if away else {}))
        return replace(done, probe=found)

    (found,) = analyze_folder(store(tmp_path, made, train)).candidates
    return found


def probe(tmp_path: Path, planted: dict[str, float]) -> Probe:
    found = candidate(tmp_path, planted).probe
    assert found is not None
    assert (found.control, found.seeds) == (CONTROL, 3)
    return found


@pytest.mark.parametrize(
    ("planted", "places"),
    [
        ({}, []),
        ({"outputs": ONE_BIT, "loss": ONE_BIT, "gradients": ONE_BIT}, []),
        # A product in bfloat16 keeps 8 bits; what follows from it is not blamed too.
        ({"outputs": 1.002, "loss": 1.003, "gradients": 1.01, "updates": 1.5}, ["forward"]),
        ({"loss": 1.1, "gradients": 1.1}, ["loss"]),
        ({"gradients": 1.01, "updates": 1.01}, ["backward"]),
        ({"optimized": 1.01, "updates": 1.01}, ["optimizer"]),
        ({"outputs": 1.002, "optimized": 1.01}, ["forward", "optimizer"]),
        # Adam makes a whole step of a tiny gradient's rounding: no difference by itself.
        ({"gradients": ONE_BIT, "updates": 1.01}, []),
    ],
)
def test_a_difference_is_placed_where_it_begins(
    planted: dict[str, float], places: list[str], tmp_path: Path
) -> None:
    assert probe(tmp_path, planted).places == places


def test_equal_bits_rounding_and_difference_are_told_apart(tmp_path: Path) -> None:
    found = probe(tmp_path, {"outputs": ONE_BIT, "gradients": 1.01})
    verdicts = {each.phase: each.verdict for each in found.phases}
    assert verdicts == {
        "forward": "Rounding",
        "loss": "Equal",
        "backward": "Different",
        "optimizer": "Equal",
        "update": "Equal",
    }
    forward, _, backward, *_ = found.phases
    assert forward.max_ulp is not None
    assert 1 <= forward.max_ulp <= 2
    assert backward.tensor == "w"
    assert backward.relative_l2 == pytest.approx(0.01, rel=1e-3)


def test_the_sentence_about_the_cause_names_the_place(tmp_path: Path) -> None:
    found = candidate(tmp_path, {"optimized": 1.01})
    assert found.probe is not None
    assert str(found.cause).endswith(sentence(found.probe))
    assert (
        "One step from equal weights and an equal batch (SharedNumerics, 3 seeds) places a "
        "difference in the optimizer, by equal gradients: 0.01 of the size of the update of w, "
        "where rounding gives 0.0001 at most."
    ) in str(found.cause)
    # What is far beyond rounding is not put down to arithmetic as well.
    assert "is no parameter of this workload; one step differs by more than rounding." in str(
        found.cause
    )
    assert "arithmetic" not in str(found.cause)


def test_a_step_that_agrees_is_said_to_agree(tmp_path: Path) -> None:
    assert sentence(probe(tmp_path, {})).endswith(
        "agrees bit by bit in outputs, loss, gradients and optimizer."
    )


@pytest.mark.parametrize(("outputs", "places"), [(1.0, ["statistics"]), (1.01, ["forward"])])
def test_moving_means_are_named_where_the_forward_pass_agrees(
    outputs: float, places: list[str], tmp_path: Path
) -> None:
    made = plan(seeds=1, cells=[cell(CONTROL)], analysis={"control": CONTROL})

    def train(trial: Trial) -> Training:
        away = trial.version == B
        found = arrays(trial.seed, **({"outputs": outputs} if away else {}))
        # Bessel's correction over a batch of 128 numbers.
        found["statistics/norm/moving_variance"] = np.full(4, 128 / 127 if away else 1, np.float32)
        return replace(training(10.0 + away), probe=found)

    (found,) = analyze_folder(store(tmp_path, made, train)).candidates
    assert found.probe is not None
    assert found.probe.places == places


def test_without_the_optimizer_alone_its_update_counts_after_equal_gradients(
    tmp_path: Path,
) -> None:
    alone: dict[str, float | None] = {"optimized": None, "updates": 1.01}
    made = plan(seeds=1, cells=[cell(CONTROL)], analysis={"control": CONTROL})

    def train(trial: Trial) -> Training:
        done = training(10.0)
        given = alone if trial.version == B else {"optimized": None}
        return replace(done, probe=arrays(trial.seed, **given))

    (found,) = analyze_folder(store(tmp_path, made, train)).candidates
    assert found.probe is not None
    assert found.probe.places == ["optimizer"]


def test_what_repeats_of_one_version_differ_by_is_no_difference() -> None:
    left, right = arrays(1), arrays(1, outputs=1.01)
    assert distances(left, right, {})["outputs"].is_different
    assert not distances(left, right, {"outputs": 0.005})["outputs"].is_different


def test_a_version_of_few_bits_is_no_measure_of_rounding() -> None:
    left, right = arrays(1), arrays(1, outputs=1.001)
    right["perturbed/outputs"] = right["outputs"] * np.float32(1.001)
    assert distances(left, right, {})["outputs"].is_different
    left["perturbed/outputs"] = left["outputs"] * np.float32(1.001)
    assert not distances(left, right, {})["outputs"].is_different


def test_an_array_that_one_version_lacks_or_shapes_otherwise_is_different() -> None:
    left, right = arrays(1), arrays(1)
    right["outputs"] = right["outputs"][:2]
    del right["gradients/w"]
    found = distances(left, right, {})
    assert found["outputs"].is_different
    assert found["gradients/w"].is_different
    assert not found["loss"].is_different


def test_a_gradient_that_is_rounding_alone_is_measured_against_the_others() -> None:
    left, right = arrays(1), arrays(1)
    # The gradient of a bias before a batch normalisation: 0, but for what rounding leaves of it.
    left["gradients/bias"] = np.full(3, 1e-9, dtype=np.float32)
    right["gradients/bias"] = -left["gradients/bias"]
    for probed in (left, right):
        probed["perturbed/gradients/bias"] = probed["gradients/bias"] * np.float32(3)
    assert not distances(left, right, {})["gradients/bias"].is_different


def test_only_the_strictest_control_is_probed(tmp_path: Path) -> None:
    made = plan(cells=[cell("Native"), cell("SharedInit"), cell("SharedOrder")], seeds=1)
    assert [made.probes(Trial(A, c, 0, 1, 0)) for c in ("Native", "SharedInit", "SharedOrder")] == [
        False,
        False,
        True,
    ]
    # Batches differ: there is no equal step to take apart.
    weaker = plan(cells=[cell("Native"), cell("SharedInit")], seeds=1)
    assert not weaker.probes(Trial(A, "SharedInit", 0, 1, 0))


def test_every_key_has_its_phase() -> None:
    assert {phase_of(key) for key in arrays(1) if not key.startswith("perturbed/")} == {
        "forward",
        "loss",
        "backward",
        "optimizer",
        "update",
    }
