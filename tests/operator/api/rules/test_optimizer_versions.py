from collections.abc import Callable

Told = Callable[..., list[tuple[str, str]]]


def asked(builtin: str, version: str, **parameters: object) -> dict[str, object]:
    return {
        "versions": [{"name": version}, {"name": "2.4.0"}],
        "workload": {"builtin": builtin, "parameters": parameters},
    }


def test_an_optimizer_that_a_version_lacks_is_refused_by_name(told: Told) -> None:
    [(path, message)] = told(**asked("adam-quadratic", "1.2.1", optimizer="nadam"))
    assert path == "spec.workload.parameters.optimizer"
    assert message == "TensorFlow 1.2.1 has no nadam"
    # tf.keras, which came with 1.4, has it.
    assert told(**asked("adam-quadratic", "1.4.0", optimizer="nadam")) == []
    # tf.train has ftrl from the start, tf.keras only later.
    assert told(**asked("adam-quadratic", "1.4.0", optimizer="ftrl")) == []
    [(_, message)] = told(**asked("mnist-mlp", "1.4.0", optimizer="ftrl"))
    assert message == "TensorFlow 1.4.0 has no ftrl"


def test_a_parameter_that_a_versions_class_lacks_is_refused_where_it_is_given(told: Told) -> None:
    [(path, message)] = told(**asked("adam-quadratic", "1.4.0", optimizer="adagrad", epsilon="0.1"))
    assert path == "spec.workload.parameters.epsilon"
    assert message == "tf.train.AdagradOptimizer of TensorFlow 1.4.0 has no epsilon"
    assert told(**asked("adam-quadratic", "1.4.0", optimizer="adagrad")) == []


def test_a_parameter_that_has_no_default_is_no_parameter_that_is_missing(told: Told) -> None:
    given = {"learningRate": "0.1", "momentum": "0.5"}
    assert told(**asked("adam-quadratic", "1.4.0", optimizer="momentum", **given)) == []


def in_pytorch(**parameters: object) -> dict[str, object]:
    return {
        "framework": "pytorch",
        "versions": [{"name": "1.11.0"}, {"name": "1.12.1"}],
        "workload": {"builtin": "mnist-mlp", "parameters": parameters},
    }


def test_another_framework_is_asked_for_its_own_classes(told: Told) -> None:
    first, second = told(**in_pytorch(optimizer="ftrl"))
    assert first == ("spec.workload.parameters.optimizer", "PyTorch 1.11.0 has no ftrl")
    assert second[1] == "PyTorch 1.12.1 has no ftrl"
    assert told(**in_pytorch(optimizer="nadam")) == []


def test_a_class_without_a_learning_rate_of_its_own_must_be_given_one(told: Told) -> None:
    first, _ = told(**in_pytorch(optimizer="sgd"))
    assert first == (
        "spec.workload.parameters.learningRate",
        "torch.optim.SGD of PyTorch 1.11.0 has no learning rate of its own",
    )
    assert told(**in_pytorch(optimizer="sgd", learningRate="0.1")) == []
    assert told(**asked("mnist-mlp", "2.1.0", optimizer="sgd")) == []
