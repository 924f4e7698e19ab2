"""The probe of a program of a few lines: what is recorded, and that it disturbs no training."""

import numpy as np
from tests.jobimage import fakes

from diptych_runner import seeding
from diptych_runner.frameworks.base import Batch
from diptych_runner.trials.probe import Probe, nudged

SEED = 4


def batch():
    generator = np.random.RandomState(0)
    inputs = generator.random_sample((8, 10)).astype(np.float32)
    return Batch(inputs, inputs[:, :1], {}, None)


def started():
    program = fakes.FakeProgram(lambda: None)
    program.assign_weights(seeding.initial_weights(SEED, program.weight_shapes()))
    return program


def test_outputs_loss_gradients_and_the_update_are_recorded_once_more_from_nudged_weights():
    program = started()
    before = program.tensors()["weights/kernel"].copy()
    probe = Probe(program, SEED)
    probe.before(batch())
    loss = program.step(batch())
    probe.after()
    found = probe.arrays
    assert sorted(found) == [
        "gradients/kernel",
        "loss",
        "optimized/kernel",
        "outputs",
        "perturbed/gradients/kernel",
        "perturbed/loss",
        "perturbed/outputs",
        "updates/kernel",
    ]
    assert found["loss"] == np.float32(loss)
    after = program.tensors()["weights/kernel"]
    assert (found["updates/kernel"] == after - before).all()
    np.testing.assert_allclose(found["updates/kernel"], -0.1 * found["gradients/kernel"], rtol=1e-4)
    moved = np.abs(found["perturbed/outputs"] - found["outputs"]) / np.abs(found["outputs"])
    assert 0 < moved.max() < 1e-5


def test_the_training_is_the_same_with_and_without_it():
    plain, probed = started(), started()
    probe = Probe(probed, SEED)
    probe.before(batch())
    assert plain.step(batch()) == probed.step(batch())
    assert (plain.tensors()["weights/kernel"] == probed.tensors()["weights/kernel"]).all()


def test_nudged_weights_are_neighbouring_floats_up_and_down_and_zeros_stay():
    values = {"w": np.array([1.0, -1.0, 0.0] * 50, dtype=np.float32)}
    found = nudged(SEED, values)["w"]
    assert found.dtype == np.float32
    steps = np.abs(found.view(np.int32) - values["w"].view(np.int32))
    assert set(steps[values["w"] != 0]) == {1}
    assert (found[values["w"] == 0] == 0).all()
    assert len(np.unique(found[values["w"] == 1])) == 2


def test_gradients_of_the_optimizers_own_probe_go_over_many_sizes_and_follow_from_the_seed():
    shapes = [("w", (40, 40))]
    start, gradients = seeding.probe_updates(SEED, shapes)
    again, _ = seeding.probe_updates(SEED, shapes)
    assert start["w"].tobytes() == again["w"].tobytes()
    assert len(gradients) == 3
    assert gradients[0]["w"].tobytes() != gradients[1]["w"].tobytes()
    sizes = np.abs(gradients[0]["w"])
    assert sizes.dtype == np.float32
    assert sizes.min() < 1e-8
    assert sizes.max() > 1
    assert 0.4 < np.mean(gradients[0]["w"] > 0) < 0.6
