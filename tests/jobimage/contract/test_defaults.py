import pytest

from diptych_runner.contract import defaults, frameworks, optimizers, tables

FRAMEWORK = "tensorflow"


@pytest.mark.parametrize("framework", sorted(frameworks.frameworks()))
def test_every_version_of_the_environment_table_was_asked(framework):
    versions = {row.version for row in tables.environments(framework)}
    assert set(defaults.table(framework)) == versions != set()


def test_a_class_of_tf_train_is_preferred_where_a_workload_uses_it():
    adam = "tf.train.AdamOptimizer"
    assert defaults.class_of(FRAMEWORK, "1.4.0", "train", "adam") == adam
    keras = "tf.keras.optimizers."
    assert defaults.class_of(FRAMEWORK, "1.4.0", "keras", "adam") == keras + "Adam"
    assert defaults.class_of(FRAMEWORK, "2.4.0", "train", "adam") == keras + "Adam"
    assert defaults.class_of(FRAMEWORK, "1.4.0", "train", "nadam") == keras + "Nadam"
    assert defaults.class_of(FRAMEWORK, "1.2.1", "train", "nadam") is None


def test_only_what_is_left_open_is_pinned():
    parameters = dict.fromkeys(optimizers.PARAMETERS)
    parameters.update(optimizer="adam", beta1="0.5")
    found = defaults.pinned(FRAMEWORK, "1.4.0", "keras", parameters)
    assert found == {"learningRate": "0.001", "beta2": "0.999", "epsilon": "0.00000001"}


def test_the_same_words_are_another_class_in_another_framework():
    assert defaults.class_of("pytorch", "1.11.0", "keras", "adam") == "torch.optim.Adam"
    assert defaults.class_of("pytorch", "1.11.0", "train", "ftrl") is None
    parameters = dict.fromkeys(optimizers.PARAMETERS)
    parameters["optimizer"] = "sgd"
    # torch.optim.SGD must be told its learning rate: there is nothing to pin.
    assert defaults.pinned("pytorch", "1.12.1", "keras", parameters) == {}


def test_momentum_has_a_default_of_the_workloads_own():
    parameters = dict.fromkeys(optimizers.PARAMETERS, None)
    parameters["optimizer"] = "momentum"
    assert optimizers.left_open(parameters) == ["learningRate"]


@pytest.mark.parametrize("version", ["2.7.0", "2.11.1"])
def test_between_two_versions_that_agree_the_default_is_theirs(version):
    found = defaults.of_class(FRAMEWORK, version, "tf.keras.optimizers.Adam")
    assert found["epsilon"] == "0.0000001"


def test_between_two_versions_that_disagree_nothing_is_known():
    found = defaults.of_class(FRAMEWORK, "1.12.0", "tf.keras.optimizers.Adam")
    assert "epsilon" not in found
    assert found["beta1"] == "0.9"


def test_of_a_version_beyond_the_table_nothing_is_known():
    assert not defaults.is_known(FRAMEWORK, "2.99.0")
    assert not defaults.is_known(FRAMEWORK, "1.0.0")
    assert defaults.pinned(FRAMEWORK, "2.99.0", "keras", {"optimizer": "adam", "beta1": None}) == {}
