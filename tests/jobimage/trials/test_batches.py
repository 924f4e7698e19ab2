import numpy as np

from diptych_runner.trials.batches import Batches, by_epoch, no_masks, straddling
from diptych_runner.workloads.task import Data


def data(count):
    inputs = np.arange(count, dtype=np.float32).reshape(count, 1)
    return Data("test", inputs, -inputs, inputs, -inputs)


def test_batches_straddle_epochs_and_leave_no_example_out():
    order = straddling(5, 2, lambda count: np.arange(count)[::-1])
    batches = Batches(data(5), order, no_masks)
    taken = [batches.next() for _ in range(5)]
    assert [list(batch.inputs[:, 0]) for batch in taken] == [
        [4, 3],
        [2, 1],
        [0, 4],
        [3, 2],
        [1, 0],
    ]
    assert all((batch.targets == -batch.inputs).all() for batch in taken)


def test_a_batch_larger_than_the_data_takes_several_epochs():
    batch = Batches(data(2), straddling(2, 5, np.arange), no_masks).next()
    assert list(batch.inputs[:, 0]) == [0, 1, 0, 1, 0]


def test_by_epoch_the_last_batch_of_each_is_smaller():
    orders = iter([np.arange(5)[::-1], np.arange(5)])
    batches = Batches(data(5), by_epoch(5, 2, lambda count: next(orders)), no_masks)
    taken = [list(batches.next().inputs[:, 0]) for _ in range(6)]
    assert taken == [[4, 3], [2, 1], [0], [0, 1], [2, 3], [4]]


def test_masks_have_as_many_rows_as_their_batch():
    batches = Batches(
        data(5), by_epoch(5, 3, np.arange), lambda rows: {"dropout": np.ones((rows, 4))}
    )
    assert [batches.next().masks["dropout"].shape for _ in range(2)] == [(3, 4), (2, 4)]
