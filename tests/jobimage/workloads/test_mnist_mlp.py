import pytest

from diptych_runner.contract import tables
from diptych_runner.data import images
from diptych_runner.frameworks import base
from diptych_runner.workloads import mnist_mlp, task_of

ROW = tables.workloads()["mnist-mlp"]


def task(**given):
    parameters = {name: each.default for name, each in ROW.parameters.items()}
    parameters.update(given)
    return mnist_mlp.task(parameters, images.digits())


def test_an_epoch_takes_every_example_in_batches_of_which_the_last_is_smaller():
    made = task(epochs=2)
    assert (made.epoch_steps, made.steps) == (45, 90)
    assert 44 * 32 < len(made.data.train_inputs) < 45 * 32


def test_left_out_parameters_are_left_to_the_version():
    assert task().optimizer == base.Adam(None, None, None, None)
    assert task(optimizer="sgd").optimizer == base.Sgd(None)
    assert task(learningRate="0.01", epsilon="0.0000001").optimizer == base.Adam(
        0.01, None, None, 1e-7
    )


def test_dropout_is_the_one_random_layer_and_can_be_switched_off():
    assert base.random_layers(task().problem) == [base.RandomLayer("dropout", 128, 0.2)]
    assert base.random_layers(task(dropout="0").problem) == []


def test_the_model_takes_images_of_the_data_sets_shape():
    assert task().problem.input_shape == (8, 8)


def test_without_data_there_is_no_task():
    with pytest.raises(ValueError, match="needs images"):
        task_of({"builtin": "mnist-mlp"}, {}, None)


def test_tf_keras_is_needed():
    assert not tables.serves(ROW, "1.2.1")
    assert tables.serves(ROW, "1.4.0")
    assert tables.serves(ROW, "2.22.0rc0")


def test_the_custom_loss_is_judged_as_itself():
    assert [metric.evaluator for metric in tables.metrics_of(ROW, {"loss": "custom"})] == [
        "accuracy",
        "absoluteErrorWithSquare",
    ]
    assert tables.metrics_of(ROW, {"loss": "sparse_categorical_crossentropy"}) == ROW.metrics
