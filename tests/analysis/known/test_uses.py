"""What a workload uses, as far as plan and records tell."""

from types import SimpleNamespace
from typing import cast

import pytest
from tests.jobimage import fakes

from diptych_analysis.known.uses import Uses, uses_of
from diptych_analysis.records.outcome import Committed

ADAM = "tf.keras.optimizers.Adam"


def record(optimizer: str | None = ADAM, gpus: tuple[str, ...] = ()) -> Committed:
    effective = () if optimizer is None else (("optimizer", optimizer),)
    return cast("Committed", SimpleNamespace(setup=SimpleNamespace(effective=effective, gpus=gpus)))


def uses(
    workload: str,
    *records: Committed,
    module: dict[str, str | None] | None = None,
    **parameters: object,
) -> Uses:
    plan = fakes.plan_of(workload=workload, parameters=parameters.items(), module=module)
    return uses_of(plan, records)


def test_a_classifier_uses_its_optimizer_its_dropout_and_the_cpu() -> None:
    found = uses("mnist-mlp", record())
    assert {"keras", "kerasOptimizer", "optimizer:Adam", "masks", "random", "cpu"} <= found.names
    assert "accuracyMetric" in found.names
    assert not found.any_of(["gpu", "rnn", "batchNormalization", "optimizer:Adagrad"])


def test_a_network_of_convolutions_uses_batch_normalisation_while_that_is_on() -> None:
    assert {"conv", "batchNormalization"} <= uses("image-cnn", record()).names
    assert "batchNormalization" not in uses("image-cnn", record(), batchNorm="off").names


def test_dropout_that_is_off_is_not_used() -> None:
    assert "masks" not in uses("mnist-mlp", record(), dropout="0").names


@pytest.mark.parametrize(
    ("optimizer", "name"),
    [
        ("tf.train.AdamOptimizer", "optimizer:Adam"),
        ("tf.train.RMSPropOptimizer", "optimizer:RMSprop"),
        ("tf.train.GradientDescentOptimizer", "optimizer:SGD"),
    ],
)
def test_optimizers_of_tf_train_are_called_as_those_of_keras(optimizer: str, name: str) -> None:
    found = uses("adam-linear-regression", record(optimizer))
    assert name in found.names
    assert "keras" not in found.names


def test_a_gpu_is_used_where_it_was_recorded() -> None:
    found = uses("mnist-mlp", record(gpus=("Tesla V100",)))
    assert found.any_of(["gpu"])
    assert not found.any_of(["cpu"])


def test_code_of_ones_own_may_use_anything_that_no_record_rules_out() -> None:
    module: dict[str, str | None] = {
        "configMap": "code",
        "entrypoint": "train",
        "sha256": None,
    }
    found = uses("mnist-mlp", record(), module=module)
    assert found.any_of(["rnn"])
    assert found.any_of(["optimizer:Adam"])
    assert not found.any_of(["optimizer:Adagrad"])
    assert not found.any_of(["gpu"])
    unseen = uses("mnist-mlp", record(optimizer=None), module=module)
    assert unseen.any_of(["optimizer:Adagrad"])
