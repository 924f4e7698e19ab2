"""Trains by optimizers and schedules of a script's own with a probe; prints what is told of each.

Run inside a TensorFlow environment that has tf.keras.
"""

# mypy: ignore-errors

import json
import sys

import numpy as np
from tests.jobimage.fakes import run_of
from tests.jobimage.module import cases_beside_keras as cases

from diptych_runner import frameworks


def main(version):
    """Print by case what the probe took apart, the rate that is told, and where it all ends."""
    framework = frameworks.load("tensorflow", version)
    framework.begin(cases.SEED, 1)
    framework.begin_own_code()
    import tensorflow as tf

    print(json.dumps({name: told(tf, framework, made) for name, made in makers(tf).items()}))


def told(tf, framework, made):
    """Return what of two trainings, by ours and by Keras, is told."""
    ours, theirs = (cases.line(tf, "mse", made()) for _ in range(2))
    theirs.set_weights(ours.get_weights())
    run = run_of("SharedMasks", framework=framework, probes=True)
    run.keras(ours)
    theirs.set_weights(ours.get_weights())
    # All of the data is one batch: its order counts for rounding alone.
    for model in (ours, theirs):
        cases.Case().history(model, batch_size=cases.EXAMPLES)
    pairs = zip(ours.get_weights(), theirs.get_weights())
    return {
        "phases": sorted({key.split("/")[0] for key in run.record.probe.arrays}),
        "rate": run.record.effective["learningRate"],
        "apart": max(float(np.max(np.abs(left - right))) for left, right in pairs),
    }


def makers(tf):
    """Return by name what makes an optimizer."""

    class Own(tf.keras.optimizers.SGD):
        """It has an argument that its configuration does not tell."""

        def __init__(self, warm, *given):
            super().__init__(*given)
            self.warm = warm

    found = {"keras": lambda: tf.keras.optimizers.SGD(0.25), "own": lambda: Own(3, 0.25)}
    schedules = getattr(tf.keras.optimizers, "schedules", None)
    if schedules is not None:

        class Halved(schedules.LearningRateSchedule):
            """As in tutorials: it does not tell how it was made."""

            def __call__(self, step):
                return 0.25 / (1.0 + tf.cast(step, tf.float32))

        class Told(Halved):
            """It does."""

            def get_config(self):
                return {}

        found["schedule"] = lambda: tf.keras.optimizers.SGD(Halved())
        found["told schedule"] = lambda: tf.keras.optimizers.SGD(Told())
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
