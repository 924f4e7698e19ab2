"""Pins a baseline's defaults on optimizers that leave this or that open; prints what they have.

Run inside a TensorFlow environment that has tf.keras.
"""

# mypy: ignore-errors

import functools
import json
import sys

from diptych_runner import frameworks
from diptych_runner.contract import defaults, optimizers
from diptych_runner.frameworks.tensorflow import own_settings


def main(version: str, baseline: str) -> None:
    """Print for each optimizer what it has, what was pinned and what stays with the version."""
    framework = frameworks.load("tensorflow", version)
    framework.begin(1, 1)
    framework.begin_own_code()
    import tensorflow as tf

    of_baseline = functools.partial(defaults.of_class, "tensorflow", baseline)
    told = {}
    for name, made in sorted(made_by(tf).items()):
        model = tf.keras.models.Sequential([tf.keras.layers.Dense(1, input_shape=(2,))])
        model.compile(made, "mse")
        before = model.optimizer
        found = framework.pin_parameters(model, of_baseline)
        told[name] = {
            "effective": own_settings.effective(model.optimizer),
            "pinned": found.pinned,
            "notPinned": found.not_pinned,
            "defaults": found.defaults,
            "same": model.optimizer is before and (isinstance(made, str) or before is made),
        }
    print(json.dumps(told))


def made_by(tf):
    """Return optimizers by what they show."""
    own = tf.keras.optimizers

    class Mine(own.Adam):
        """A class of the script's own."""

    moved = own.Adam()
    if hasattr(moved, "learning_rate"):
        moved.learning_rate = 0.25
    else:
        tf.keras.backend.set_value(moved.lr, 0.25)
    found = {
        "given as a default of another version": own.Adadelta(0.001),
        "given by name": own.Adam(epsilon=1e-7),
        "given as its own default": own.Adam(0.001, 0.9, 0.999),
        "left open": own.Adadelta(),
        "asked for by name": "adadelta",
        "of another class": Mine(),
        "of a whole configuration": own.Adam.from_config(own.Adam().get_config()),
        "of a configuration": own.Adam.from_config({"beta_1": 0.5}),
        "set afterwards": moved,
    }
    for row in optimizers.OPTIMIZERS.values():
        if hasattr(own, row.keras):
            found["all of " + row.keras] = getattr(own, row.keras)()
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
