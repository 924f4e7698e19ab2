import numpy as np

from diptych_runner.module.asked import Asked

TEST, TRAIN = np.arange(6.0).reshape(3, 2), np.arange(8.0).reshape(4, 2)
OUTPUTS, OTHERS = np.ones((3, 1)), np.zeros((4, 1))
STEP = 9


def asked(*, predicts=True):
    """Return a run's questions: of the test set, and of the training set at the end."""
    found = Asked()
    found.evaluated(3, TEST, {"accuracy": 0.1})
    found.evaluated(STEP, TEST, {"accuracy": 0.75})
    if predicts:
        found.predicted(TEST, OUTPUTS)
    found.evaluated(STEP, TRAIN, {"accuracy": 1.0})
    return found


def test_what_the_framework_says_of_another_data_set_is_not_taken():
    found = asked()
    found.test(OUTPUTS)
    assert found.numbers(STEP) == {"accuracy": 0.75}
    assert found.tested_on is TEST


def test_equal_examples_of_another_type_are_the_same():
    found = asked(predicts=False)
    found.predicted(TEST.astype(np.float32), OUTPUTS)
    found.test(OUTPUTS)
    assert found.numbers(STEP) == {"accuracy": 0.75}


def test_an_evaluation_of_weights_that_were_trained_further_is_not_taken():
    found = asked()
    found.test(OUTPUTS)
    assert found.numbers(STEP + 1) == {}


def test_the_prediction_that_made_the_outputs_counts_and_not_the_last():
    found = asked()
    found.predicted(TRAIN, OTHERS)
    found.test(OUTPUTS)
    assert found.tested_on is TEST
    assert found.numbers(STEP) == {"accuracy": 0.75}


def test_outputs_that_were_changed_are_of_the_last_prediction():
    found = asked()
    found.test(np.hstack([OUTPUTS, OUTPUTS]))
    assert found.tested_on is TEST


def test_without_a_prediction_nothing_is_known_of_what_an_evaluation_is_about():
    found = asked(predicts=False)
    found.test(OUTPUTS)
    assert found.numbers(STEP) == {}
    assert found.tested_on is None


def test_a_data_set_is_the_same_when_it_is_the_same_object():
    found, batches = Asked(), iter(())
    found.evaluated(STEP, batches, {"loss": 1.0})
    found.evaluated(STEP, iter(()), {"loss": 2.0})
    found.predicted(batches, OUTPUTS)
    found.test(OUTPUTS)
    assert found.numbers(STEP) == {"loss": 1.0}
    assert found.tested_on is None
