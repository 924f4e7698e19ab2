import pytest

from diptych_runner.contract import tables
from diptych_runner.data import images
from diptych_runner.frameworks import base
from diptych_runner.workloads import mnist_mlp, task_of

ROW = tables.workloads()["mnist-mlp"]


def task(pinned=(), **given):
    parameters = {name: each.default for name, each in ROW.parameters.items()}
    parameters.update(given)
    return mnist_mlp.task(parameters, dict(pinned), images.digits())


def test_an_epoch_takes_every_example_in_batches_of_which_the_last_is_smaller():
    made = task(epochs=2)
    assert (made.epoch_steps, made.steps) == (45, 90)
    assert 44 * 32 < len(made.data.train_inputs) < 45 * 32


def test_left_out_parameters_are_left_to_the_version():
    assert task().optimizer == base.Optimizer("adam", {}, {})
    assert task(optimizer="sgd").optimizer == base.Optimizer("sgd", {}, {})
    given = {"learningRate": 0.01, "epsilon": 1e-7}
    asked = task(learningRate="0.01", epsilon="0.0000001")
    assert asked.optimizer == base.Optimizer("adam", given, {})


def test_what_is_asked_for_is_not_pinned_too():
    made = task(pinned={"epsilon": "0.1", "beta1": "0.8"}, epsilon="0.2")
    assert made.optimizer == base.Optimizer("adam", {"epsilon": 0.2}, {"beta1": 0.8})


def test_momentum_is_the_workloads_own_when_it_is_left_out():
    assert task(optimizer="momentum").optimizer.given == {"momentum": 0.9}
    assert task(optimizer="momentum", momentum="0.5").optimizer.given == {"momentum": 0.5}


def test_dropout_is_the_one_random_layer_and_can_be_switched_off():
    assert base.random_layers(task().problem) == [base.RandomLayer("dropout", 128, 0.2)]
    assert base.random_layers(task(dropout="0").problem) == []


def test_the_model_takes_images_of_the_data_sets_shape():
    assert task().problem.input_shape == (8, 8)


def test_without_data_there_is_no_task():
    with pytest.raises(ValueError, match="needs images"):
        task_of({"builtin": "mnist-mlp"}, {}, None)


def test_tf_keras_is_needed():
    assert not tables.serves(ROW, "tensorflow", "1.2.1")
    assert tables.serves(ROW, "tensorflow", "1.4.0")
    assert tables.serves(ROW, "tensorflow", "2.22.0rc0")


def test_the_custom_loss_is_judged_as_itself():
    assert [metric.evaluator for metric in tables.metrics_of(ROW, {"loss": "custom"})] == [
        "accuracy",
        "absoluteErrorWithSquare",
    ]
    assert tables.metrics_of(ROW, {"loss": "sparse_categorical_crossentropy"}) == ROW.metrics
