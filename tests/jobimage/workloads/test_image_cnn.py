import numpy as np
import pytest

from diptych_runner.contract import tables
from diptych_runner.data import images
from diptych_runner.frameworks import base
from diptych_runner.workloads import image_cnn, synthetic, task_of

ROW = tables.workloads()["image-cnn"]


def task(data="digits", **given):
    parameters = {name: each.default for name, each in ROW.parameters.items()}
    parameters.update(given)
    return image_cnn.task(parameters, {}, images.digits() if data == "digits" else data)


def test_grey_images_get_the_one_channel_that_a_convolution_needs():
    made = task()
    assert made.problem.input_shape == (8, 8, 1)
    assert made.data.train_inputs.shape[1:] == (8, 8, 1)
    assert made.problem.outputs == 10


def test_width_and_depth_multiply_and_parts_are_switched():
    plain = task().problem
    assert (plain.width, plain.depth, plain.batch_norm, plain.residual) == (16, 1, True, True)
    wide = task(width="2.5", depth=3, batchNorm="off", residual="off").problem
    assert (wide.width, wide.depth, wide.batch_norm, wide.residual) == (40, 3, False, False)
    assert base.features_of(wide) == 160


def test_the_mask_is_as_wide_as_the_last_stages_features():
    assert base.random_layers(task().problem) == [base.RandomLayer("dropout", 64, 0.2)]
    assert base.random_layers(task(dropout="0").problem) == []


def test_masks_are_an_aspect_while_anything_is_drawn_beside_the_order():
    def aspects(**given):
        return tables.aspects_of(ROW, dict({"dropout": "0", "augmentation": "none"}, **given))

    assert "masks" not in aspects()
    assert "masks" in aspects(dropout="0.1")
    assert "masks" in aspects(augmentation="flip")


def test_synthetic_images_have_the_size_that_is_asked_for():
    made = task(None, dataset="synthetic", imageSize=12, channels=2, classes=7, syntheticTrain=20)
    assert made.data.train_inputs.shape == (20, 12, 12, 2)
    assert made.problem.outputs == 7
    assert set(made.data.train_targets) == set(range(7))


def test_synthetic_images_are_the_same_bits_each_time_and_of_their_class():
    given = {"size": 6, "channels": 1, "classes": 3, "train_examples": 30, "test_examples": 9}
    first, again = synthetic.images(**given), synthetic.images(**given)
    assert first.train_inputs.tobytes() == again.train_inputs.tobytes()
    assert first.train_inputs.min() >= 0
    assert first.train_inputs.max() <= 1

    def apart(step):
        pairs = zip(first.train_inputs, first.train_inputs[step:])
        return np.mean([np.abs(left - right).mean() for left, right in pairs])

    # Labels go round: 0 and 3 are of one class, 0 and 1 are not.
    assert apart(3) < apart(1)


def test_what_is_no_image_is_refused():
    flat = images.digits()
    flat = flat._replace(train_inputs=flat.train_inputs.reshape(-1, 64))
    with pytest.raises(ValueError, match="image-cnn needs images of shape"):
        task(flat)
    with pytest.raises(ValueError, match="needs images and labels"):
        task_of({"builtin": "image-cnn"}, {"dataset": "images"}, None)
