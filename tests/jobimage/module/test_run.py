import numpy as np
import pytest
from tests.jobimage import fakes
from tests.jobimage.fakes import run_of

from diptych_runner.contract import names
from diptych_runner.module.errors import Diverged, ModuleError


def test_initial_weights_are_numpys_only_where_they_are_shared():
    shapes = [("kernel", (3, 2)), ("bias", (2,))]
    assert run_of().initial_weights(shapes) is None
    one, again, other = (
        run_of("SharedInit", seed).initial_weights(shapes)["kernel"] for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_batches_are_an_epoch_and_the_next_call_is_another():
    run = run_of("SharedOrder")
    first, second = (list(run.batches(10, 4)) for _ in range(2))
    assert [len(batch) for batch in first] == [4, 4, 2]
    assert sorted(np.concatenate(first).tolist()) == list(range(10))
    assert np.concatenate(first).tolist() != np.concatenate(second).tolist()
    again = list(run_of("SharedOrder").batches(10, 4))
    np.testing.assert_array_equal(np.concatenate(first), np.concatenate(again))
    assert len(list(run_of().batches(10, 4))) == 3
    with pytest.raises(ModuleError):
        list(run.batches(0, 4))


def test_masks_are_given_by_name_only_where_they_are_shared():
    assert run_of("SharedOrder").mask("drop", 4, 5, 0.5) is None
    run = run_of("SharedMasks")
    first, second, other = (run.mask(name, 4, 5, 0.5) for name in ("drop", "drop", "another"))
    assert set(np.unique(first)) <= {0.0, 2.0}
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, other)
    np.testing.assert_array_equal(run_of("SharedMasks").mask("drop", 4, 5, 0.5), first)


def test_only_what_was_asked_for_is_recorded_as_shared():
    run = run_of("SharedMasks")
    assert run.record.shared == set()
    list(run.batches(4, 2))
    assert run.record.shared == {names.BATCH_ORDER}
    native = run_of()
    list(native.batches(4, 2))
    assert native.record.shared == set()


def test_a_loss_that_is_not_finite_ends_the_trial():
    run = run_of()
    run.log(0.5, accuracy=0.25)
    assert run.step == 1
    assert run.record.numbers == {1: {"accuracy": 0.25}}
    with pytest.raises(Diverged) as caught:
        run.log(np.float32("nan"))
    assert "step 2 is nan" in str(caught.value)
    assert run.step == 2


def test_checkpoints_are_due_as_the_plan_says_and_get_their_keys():
    written = {}  # type: ignore[var-annotated]
    run = run_of(every=2, written=written)
    due = []
    for _ in range(4):
        due.append(run.checkpoint_due)
        run.log(1.0)
    assert due == [True, False, True, False]
    run.checkpoint({"kernel": [1.0]}, slots={"kernel/m": [2.0]}, optimizer={"count": 3})
    assert sorted(written[4]) == ["optimizer/count", "slots/kernel/m", "weights/kernel"]
    with pytest.raises(ModuleError):
        run.checkpoint({})


def test_data_comes_as_keras_returns_it():
    arrays = {key: np.arange(3) for key in ("x_train", "y_train", "x_test", "y_test")}
    (x_train, _), (_, y_test) = run_of(arrays=arrays).data
    assert x_train.tolist() == y_test.tolist() == [0, 1, 2]
    assert run_of(arrays={"x": np.arange(2)}).arrays["x"].tolist() == [0, 1]
    with pytest.raises(ModuleError) as caught:
        _ = run_of(arrays={"x_train": np.arange(2)}).data
    assert "has no y_train and no x_test" in str(caught.value)


def test_a_framework_without_keras_models_is_told_what_to_take():
    framework = fakes.FakeFramework(None)
    framework.has_keras = False
    with pytest.raises(ModuleError) as caught:
        run_of(framework=framework).keras(object())
    assert "no such models; write the loop with run.batches" in str(caught.value)
