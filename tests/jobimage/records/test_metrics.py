import json
import math

import numpy as np

from diptych_runner.records.metrics import metrics_bytes, number_as_json


def test_every_bit_of_a_float32_loss_survives():
    losses = [float(np.float32(1) / np.float32(3)), float(np.nextafter(np.float32(1), 2))]
    lines = metrics_bytes(losses, {}).decode("utf-8").splitlines()
    assert [json.loads(line)["train_loss"] for line in lines] == losses
    assert [json.loads(line)["step"] for line in lines] == [1, 2]


def test_numbers_that_json_lacks_are_strings():
    assert number_as_json(math.nan) == "NaN"
    assert number_as_json(math.inf) == "Infinity"
    assert number_as_json(-math.inf) == "-Infinity"
    assert number_as_json(-0.0) == 0.0


def test_other_numbers_of_a_step_stand_in_its_line():
    evaluations = {2: {"test_accuracy": 0.5, "test_loss": math.inf}}
    lines = metrics_bytes([1.0, 0.5], evaluations).decode("utf-8").splitlines()
    assert json.loads(lines[0]) == {"step": 1, "train_loss": 1.0}
    assert json.loads(lines[1]) == {
        "step": 2,
        "train_loss": 0.5,
        "test_accuracy": 0.5,
        "test_loss": "Infinity",
    }
