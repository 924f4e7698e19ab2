"""Trains by plain, scheduled and decaying learning rates; prints the rate of each step.

Run inside a TensorFlow environment that has tf.keras.
"""

# mypy: ignore-errors

import json
import sys

import numpy as np
from tests.jobimage.fakes import run_of

from diptych_runner import frameworks
from diptych_runner.contract import names

STEPS = 4


def main(version):
    """Print by case the rates that were recorded."""
    framework = frameworks.load("tensorflow", version)
    framework.begin(1, 1)
    framework.begin_own_code()
    import tensorflow as tf

    print(json.dumps({name: rates(tf, framework, *case) for name, case in cases(tf).items()}))


def cases(tf):
    """Return by name an optimizer, and the callbacks of its fit."""
    keras = tf.keras

    class Halved(keras.callbacks.Callback):
        """Halves the rate before the third step."""

        def on_batch_begin(self, batch, _logs=None):
            if batch != 2:
                return
            optimizer = self.model.optimizer
            if hasattr(optimizer, "iterations") and hasattr(optimizer, "_learning_rate"):
                optimizer.learning_rate = 0.25
            else:
                held = getattr(optimizer, "lr", None)
                keras.backend.set_value(optimizer.learning_rate if held is None else held, 0.25)

        on_train_batch_begin = on_batch_begin

    found = {
        "plain": (keras.optimizers.SGD(0.5), []),
        "set": (keras.optimizers.SGD(0.5), [Halved()]),
    }
    schedules = getattr(keras.optimizers, "schedules", None)
    if schedules is not None:
        made = schedules.PiecewiseConstantDecay([1], [0.5, 0.25])
        found["scheduled"] = (keras.optimizers.SGD(made), [])
    if hasattr(found["plain"][0], "decay"):
        # From 2.11 on there is none.
        found["decaying"] = (keras.optimizers.SGD(0.5, decay=1.0), [])
    return found


def rates(tf, framework, optimizer, callbacks):
    """Return the recorded rate of each step."""
    model = tf.keras.models.Sequential([tf.keras.layers.Dense(1, input_shape=(3,))])
    model.compile(optimizer=optimizer, loss="mse")
    run = run_of(framework=framework)
    run.keras(model)
    rows = np.zeros((STEPS, 3), dtype=np.float32)
    model.fit(rows, rows[:, :1], batch_size=1, callbacks=callbacks, verbose=0)
    key = names.FRAMEWORK_PREFIX + names.LEARNING_RATE
    return [run.record.numbers[step][key] for step in range(1, STEPS + 1)]


if __name__ == "__main__":
    main(sys.argv[1])
