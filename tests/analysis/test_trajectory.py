"""Twin of trajectory.py and divergence.py."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.analysis.builder import A, B, Training, diverged, plan, store, training

from diptych_analysis import AnalysisError
from diptych_analysis.divergence import Divergence, first_divergence, pairs_of
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.plans import read_plan
from diptych_analysis.records.reader import FolderReader
from diptych_analysis.records.table import read_table
from diptych_analysis.summary import FirstDivergence, Trajectory
from diptych_analysis.trajectory import trajectory
from diptych_analysis.ulp import max_ulp
from diptych_runner.contract.trials import Trial

ONE = np.ones(2, dtype=np.float32)
NEXT = np.nextafter(ONE, np.float32(2))
CELL = ("Native", 0)
Found = tuple[Trajectory | None, list[Divergence | None]]


def base(**final: Any) -> Training:  # noqa: ANN401
    tensors = {"weights/w": ONE, "slots/w/m": ONE, "optimizer/step": np.array(3)}
    return replace(
        training(1, losses=(3.0, 2.0, 1.0)),
        checkpoints={0: {"weights/w": ONE}, 1: tensors, 3: {**tensors, **final}},
    )


def at(step: int, tensors: Mapping[str, Any]) -> Training:
    done = base()
    return replace(done, checkpoints={**done.checkpoints, step: tensors})


def found_in(root: Path, *trainings: Training, baseline: Training | None = None) -> Found:
    """Return the trajectory when the candidate's seeds 1, 2, ... are `trainings`."""

    def train(trial: Trial) -> Training:
        return trainings[trial.seed - 1] if trial.version == B else baseline or base()

    folder = store(root, plan(seeds=len(trainings)), train)
    reader = FolderReader(folder)
    table = read_table(reader, read_plan(reader))
    records = table.of(A, CELL), table.of(B, CELL)
    return trajectory(Loader(reader), "Native", records, (A, B), 0.05)


TENSORS = {"weights/w": ONE, "slots/w/m": ONE, "optimizer/step": np.array(3)}
W, S, O = "weights/", "slots/", "optimizer/"  # noqa: E741


@pytest.mark.parametrize(
    ("candidate", "expected"),
    [
        (
            at(0, {"weights/w": NEXT}),
            Divergence(0, "weights/w", after_equal_state=False, kinds=(W,)),
        ),
        (
            replace(base(), losses=(3.0000000000000004, 2.0, 1.0)),
            Divergence(1, "train_loss", after_equal_state=True),
        ),
        (
            at(1, {**TENSORS, "slots/w/m": NEXT, "optimizer/step": np.array(4)}),
            Divergence(1, "slots/w/m", after_equal_state=True, kinds=(S, O), has_slots=True),
        ),
        (
            at(1, {**TENSORS, "slots/w/m": NEXT, "weights/w": NEXT}),
            Divergence(1, "weights/w", after_equal_state=True, kinds=(W, S), has_slots=True),
        ),
        # The loss of step 2 comes after the checkpoint of step 1 and before that of step 3.
        (
            replace(at(3, {**TENSORS, "weights/w": NEXT}), losses=(3.0, 2.5, 1.0)),
            Divergence(2, "train_loss", after_equal_state=True),
        ),
        # The loss of a step comes before that step's own checkpoint.
        (
            replace(at(1, {**TENSORS, "weights/w": NEXT}), losses=(3.5, 2.0, 1.0)),
            Divergence(1, "train_loss", after_equal_state=True),
        ),
        (
            replace(base(), losses=(3.0, 2.0, 1.5)),
            Divergence(3, "train_loss", after_equal_state=False),
        ),
        (
            at(3, {"weights/w": ONE, "optimizer/step": np.array(3)}),
            Divergence(3, "slots/w/m", after_equal_state=False, kinds=(S,), has_slots=True),
        ),
        (replace(base(), outputs=np.full((4, 1), 2.0)), Divergence(3, "outputs")),
        (base(), None),
    ],
)
def test_the_first_thing_that_differs(
    tmp_path: Path, candidate: Training, expected: Divergence | None
) -> None:
    path, found = found_in(tmp_path, candidate)
    assert found == [expected]
    assert path is not None
    assert path.bit_identical == (expected is None)
    assert (path.first_divergence is None) == (expected is None)


def test_the_earliest_seed_that_differs_is_told(tmp_path: Path) -> None:
    late = replace(base(), losses=(3.0, 2.0, 7.0))
    early = at(1, {**TENSORS, "weights/w": NEXT})
    path, found = found_in(tmp_path, late, early)
    assert [d and d.step for d in found] == [3, 1]
    assert path is not None
    assert path.first_divergence == FirstDivergence(step=1, what="weights/w")
    # Of one step its loss comes before its checkpoint, and both before the predictions.
    loss = replace(base(), losses=(3.5, 2.0, 1.0))
    path, _ = found_in(tmp_path / "2", early, loss)
    assert path is not None
    assert path.first_divergence == FirstDivergence(step=1, what="train_loss")
    path, _ = found_in(tmp_path / "3", replace(base(), outputs=np.full((4, 1), 2.0)), late)
    assert path is not None
    assert path.first_divergence == FirstDivergence(step=3, what="train_loss")


def test_each_distance_is_the_largest_over_seeds_by_itself(tmp_path: Path) -> None:
    # Seed 1 is farther in floats, about 0 where they are dense; seed 2 in relative L2.
    tiny = np.array([1.0, 1e-30], dtype=np.float32)
    baseline = base(**{"weights/w": tiny, "weights/v": ONE})
    many_ulps = base(**{"weights/w": tiny * np.array([1, -1], np.float32), "weights/v": ONE})
    far = base(**{"weights/w": tiny * np.array([2, 1], np.float32), "weights/v": NEXT})
    path, _ = found_in(tmp_path, many_ulps, far, baseline=baseline)
    assert path is not None
    by_key = {tensor.key: tensor for tensor in path.tensors}
    apart = max_ulp(tiny, many_ulps.checkpoints[3]["weights/w"])
    assert apart is not None
    assert apart > 1 << 24
    assert by_key["weights/w"].max_ulp == apart
    assert by_key["weights/w"].relative_l2 == pytest.approx(1.0)
    assert not by_key["weights/w"].bit_identical
    assert path.final_weights is not None
    assert path.final_weights.max_ulp == apart
    assert path.final_weights.relative_l2 == pytest.approx(np.sqrt(1 / 3))
    # The order of the seeds does not matter.
    again, _ = found_in(tmp_path / "2", far, many_ulps, baseline=baseline)
    assert again is not None
    assert (again.tensors, again.final_weights) == (path.tensors, path.final_weights)


def test_the_worst_distance_is_told(tmp_path: Path) -> None:
    far = replace(base(**{"weights/w": 2 * ONE}), losses=(3.0, 2.0, 7.0))
    path, found = found_in(tmp_path, base(), at(3, {**TENSORS, "weights/w": NEXT}), far)
    assert [d and d.step for d in found] == [None, 3, 3]
    assert path is not None
    assert path.final_weights is not None
    assert path.final_weights.max_ulp == 1 << 23
    assert path.final_weights.relative_l2 == pytest.approx(1.0)
    assert [tensor.key for tensor in path.tensors] == ["weights/w", "optimizer/step", "slots/w/m"]
    assert path.tensors[1].bit_identical


def test_tensors_of_one_version_only_come_first_and_are_named(tmp_path: Path) -> None:
    path, _ = found_in(
        tmp_path, at(3, {"weights/w": NEXT, "weights/new": np.zeros((2, 1)), "slots/w/m": ONE})
    )
    assert path is not None
    assert [(tensor.key, tensor.only_in) for tensor in path.tensors] == [
        ("optimizer/step", A),
        ("weights/new", B),
        ("weights/w", None),
        ("slots/w/m", None),
    ]
    assert path.tensors[1].shape == [2, 1]
    assert path.final_weights is not None
    assert (path.final_weights.max_ulp, path.final_weights.relative_l2) == (None, None)


def test_other_shapes_and_dtypes_have_no_distance_in_floats(tmp_path: Path) -> None:
    path, _ = found_in(
        tmp_path, base(**{"weights/w": np.ones(3, np.float32), "slots/w/m": np.ones(2)})
    )
    assert path is not None
    shaped, typed, _ = path.tensors
    assert (shaped.key, shaped.max_ulp, shaped.relative_l2) == ("weights/w", None, None)
    assert (typed.key, typed.max_ulp, typed.relative_l2) == ("slots/w/m", None, 0.0)
    assert not typed.bit_identical


def test_weights_that_are_not_finite_are_handled(tmp_path: Path) -> None:
    lost = np.array([np.nan, np.inf], dtype=np.float32)
    path, _ = found_in(
        tmp_path,
        base(**{"slots/w/m": lost, "weights/w": lost}),
        baseline=base(**{"slots/w/m": lost}),
    )
    assert path is not None
    first, second = path.tensors[0], next(t for t in path.tensors if t.key == "slots/w/m")
    assert (first.key, first.max_ulp, first.relative_l2) == ("weights/w", None, None)
    assert (second.max_ulp, second.relative_l2, second.bit_identical) == (0, 0.0, True)


def test_trials_that_diverged_show_where_but_no_final_distance(tmp_path: Path) -> None:
    path, found = found_in(tmp_path, diverged(replace(base(), losses=(3.0, float("nan"), 1.0)[:2])))
    assert found == [Divergence(2, "train_loss", after_equal_state=True)]
    assert path is not None
    assert (path.final_weights, path.tensors) == (None, [])


def test_failed_trials_have_no_trajectory(tmp_path: Path) -> None:
    assert found_in(tmp_path, replace(base(), outcome="Failed")) == (None, [])


def test_a_store_that_changes_meanwhile_ends_the_analysis(tmp_path: Path) -> None:
    folder = store(tmp_path, plan(seeds=1), lambda t: base() if t.version == A else training(2))
    reader = FolderReader(folder)
    table = read_table(reader, read_plan(reader))
    (pair,) = pairs_of(table.of(A, CELL), table.of(B, CELL))
    path = folder / pair[0].attempt_path / "metrics.jsonl"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(AnalysisError, match="the record changed while it was analysed"):
        first_divergence(Loader(reader), pair)
