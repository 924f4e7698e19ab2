"""What each control feeds to a program: its own order or NumPy's, its own masks or NumPy's."""

import numpy as np
import pytest

from diptych_runner import seeding
from diptych_runner.contract import tables
from diptych_runner.contract.plan import effective_aspects
from diptych_runner.data import images
from diptych_runner.frameworks import base
from diptych_runner.trials import attempt
from diptych_runner.workloads import mnist_mlp

SEED = 5
ROW = tables.workloads()["mnist-mlp"]
TASK = mnist_mlp.task(
    {name: each.default for name, each in ROW.parameters.items()}, {}, images.digits()
)


class Backwards(base.Program):
    """A program whose own order is the last example first."""

    def permutation(self, count):
        return np.arange(count)[::-1]


def fed(control, steps):
    shared = effective_aspects(control, ROW.aspects)
    given = base.random_layers(TASK.problem) if "masks" in shared else []
    batches = attempt._batches(Backwards(), TASK, SEED, shared, given)
    return [batches.next() for _ in range(steps)]


@pytest.mark.parametrize("control", ["Native", "SharedInit"])
def test_the_order_is_the_frameworks_own_until_it_is_shared(control):
    inputs = np.concatenate([batch.inputs for batch in fed(control, 45)])
    assert (inputs == TASK.data.train_inputs[::-1]).all()


@pytest.mark.parametrize("control", ["SharedOrder", "SharedMasks"])
def test_the_shared_order_is_numpys_and_takes_each_example_once_an_epoch(control):
    orders = seeding.shared_orders(SEED)
    batches = fed(control, 90)
    for epoch in (batches[:45], batches[45:]):
        order = orders.permutation(len(TASK.data.train_inputs))
        assert sorted(order) == list(range(len(order)))
        inputs = np.concatenate([batch.inputs for batch in epoch])
        targets = np.concatenate([batch.targets for batch in epoch])
        assert (inputs == TASK.data.train_inputs[order]).all()
        assert (targets == TASK.data.train_targets[order]).all()


@pytest.mark.parametrize("control", ["Native", "SharedInit", "SharedOrder"])
def test_masks_are_the_frameworks_own_until_they_are_shared(control):
    assert all(batch.masks == {} for batch in fed(control, 46))


def test_shared_masks_are_numpys_in_the_order_of_the_steps():
    draw = seeding.shared_masks(SEED, base.random_layers(TASK.problem))
    for batch in fed("SharedMasks", 46):
        expected = draw(len(batch.inputs))["dropout"]
        assert batch.masks["dropout"].tobytes() == expected.tobytes()
