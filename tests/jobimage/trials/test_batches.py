import numpy as np

from diptych_runner.trials.batches import Batches
from diptych_runner.workloads.task import Data


def data(count):
    inputs = np.arange(count, dtype=np.float32).reshape(count, 1)
    return Data("test", inputs, -inputs, inputs, -inputs)


def test_batches_straddle_epochs_and_leave_no_example_out():
    batches = Batches(data(5), 2, lambda count: np.arange(count)[::-1])
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
    batch = Batches(data(2), 5, np.arange).next()
    assert list(batch.inputs[:, 0]) == [0, 1, 0, 1, 0]
