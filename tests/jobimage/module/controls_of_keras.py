"""Trains a masked model under SharedMasks beside Native, and takes a step apart; prints both.

Run inside a TensorFlow environment that has tf.keras. Its Dropout drops next to nothing, and all of
the data is one batch: the two trainings must be the same up to rounding.
"""

import json
import sys

import numpy as np
from tests.jobimage.fakes import run_of
from tests.jobimage.module import cases_beside_keras as cases

from diptych_runner import frameworks
from diptych_runner.frameworks.base import Batch
from diptych_runner.frameworks.tensorflow.own_masks import MasksMissing


def main(version):
    """Print how far the trainings end apart, and gradients with and without use."""
    framework = frameworks.load("tensorflow", version)
    framework.begin(cases.SEED, 1)
    framework.begin_own_code()
    import tensorflow as tf

    found = beside(tf, framework, masked, cases.Masks())
    found["added"] = beside(tf, framework, added, cases.Case())
    if not version.startswith("1."):
        # Keras of 1.x refuses a weight without a gradient itself.
        found["gradients"] = taken_apart(tf, framework)
    print(json.dumps(found))


def beside(tf, framework, make, case):
    """Return how far a training under SharedMasks ends from one without, and how far both go."""
    first = make(tf)
    start = first.get_weights()
    ends = []
    for model, control in ((first, "Native"), (make(tf), "SharedMasks")):
        run_of(control, framework=framework).keras(model)
        model.set_weights(start)
        try:
            case.history(model, batch_size=cases.EXAMPLES, epochs=4)
        except MasksMissing as error:
            return {"refused": str(error)}
        ends.append(model.get_weights())
    return {"apart": farthest(*ends), "moved": farthest(start, ends[0])}


def added(tf):
    """Return a model with dropout, and with losses of its layers' outputs beside the compiled."""
    layers = tf.keras.layers
    made = [
        layers.Dense(4, input_shape=(10,), kernel_regularizer="l2", activity_regularizer="l2"),
        layers.Dropout(1e-9),
        layers.Dense(1),
    ]
    model = tf.keras.models.Sequential(made)
    model.compile(tf.keras.optimizers.SGD(0.01), "mse")
    return model


def masked(tf):
    """Return a model of masked sequences with dropout, whose loss counts half."""
    layers = cases.Masks.layers(tf)
    # That of 1.4 takes no masked rows.
    drop = [] if tf.__version__.startswith("1.4.") else [tf.keras.layers.Dropout(1e-9)]
    model = tf.keras.models.Sequential(layers[:-1] + drop + layers[-1:])
    if not model.built:
        model.build((None, 6))
    model.compile(tf.keras.optimizers.SGD(0.1), "mse", loss_weights=[0.5])
    return model


def farthest(left, right):
    """Return the largest difference between two lists of arrays."""
    return max(float(np.max(np.abs(one - other))) for one, other in zip(left, right))


def taken_apart(tf, framework):
    """Return the largest part of each gradient of a model with an idle weight."""
    model = cases.WithoutGradient.model(tf)
    inputs, targets = cases.Case().data()
    program = framework.own_model(model, inputs, targets, given_masks=False, weighted=False)
    told = program.probe(Batch(inputs, targets, {}, None))
    return {
        name: float(np.max(np.abs(value)))
        for name, value in told.items()
        if name.startswith("gradients/")
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
