"""Lets SharedInit begin a model of constants and draws; prints what it left, and what it refuses.

Run inside a TensorFlow environment that has tf.keras.
"""

# mypy: ignore-errors

import json
import sys

import numpy as np
from tests.jobimage.fakes import run_of

from diptych_runner import frameworks
from diptych_runner.module.errors import ModuleError

WIDTH = 5


def main(version: str) -> None:
    """Print by layer whether a control left its weights as they were, and what is refused."""
    framework = frameworks.load("tensorflow", version)
    framework.begin(1, 1)
    framework.begin_own_code()
    import tensorflow as tf

    model = model_of(tf)
    before = model.get_weights()
    run_of("SharedInit", framework=framework).keras(model)
    after = model.get_weights()
    again = model_of(tf)
    run_of("SharedInit", framework=framework).keras(again)
    told = {
        "kept": [bool(np.array_equal(*pair)) for pair in zip(before, after)],
        "again": [bool(np.array_equal(*pair)) for pair in zip(after, again.get_weights())],
        "refused": {},
    }
    for name, loaded in sorted(loadings(tf).items()):
        try:
            run_of("SharedInit", framework=framework).keras(loaded)
        except ModuleError as error:
            told["refused"][name] = str(error)
    told["frozen"] = kept_when_frozen(tf, framework)
    native = model_of(tf)
    native.set_weights(before)
    run_of(framework=framework).keras(native)
    told["native"] = all(np.array_equal(*pair) for pair in zip(before, native.get_weights()))
    print(json.dumps(told))


def model_of(tf):
    """Return a compiled model that says more of its weights than a random stream does."""
    layers = tf.keras.layers
    prior = tf.keras.initializers.Constant(-2.5)
    model = tf.keras.models.Sequential(
        [
            layers.Dense(WIDTH, kernel_initializer="identity", input_shape=(WIDTH,)),
            layers.Dense(WIDTH, bias_initializer=prior),
            layers.BatchNormalization(scale=False),
            layers.Dense(1, kernel_initializer="zeros"),
        ]
    )
    model.compile("sgd", "mse")
    return model


def loadings(tf):
    """Return models that weights were loaded into."""
    whole, part = model_of(tf), model_of(tf)
    whole.set_weights(whole.get_weights())
    part.layers[1].set_weights(part.layers[1].get_weights())
    inner = model_of(tf)
    inner.set_weights(inner.get_weights())
    outer = tf.keras.models.Sequential([inner, tf.keras.layers.Dense(1)])
    outer.compile("sgd", "mse")
    if not outer.built:
        outer.build((None, WIDTH))
    return {"whole": whole, "part": part, "inner": outer, "reused": reused(tf)}


def reused(tf):
    """Return a model of the layers of one that weights were loaded into."""
    base = model_of(tf)
    base.set_weights(base.get_weights())
    model = tf.keras.models.Model(base.inputs, tf.keras.layers.Dense(1)(base.layers[-1].output))
    model.compile("sgd", "mse")
    return model


def kept_when_frozen(tf, framework):
    """Return whether weights that are loaded and frozen stay, in a model that is taken."""
    table = np.random.RandomState(3).normal(size=(4, WIDTH)).astype(np.float32)
    layers = tf.keras.layers
    model = tf.keras.models.Sequential(
        [
            layers.Embedding(4, WIDTH, weights=[table], trainable=False, input_length=2),
            layers.Flatten(),
            layers.Dense(1),
        ]
        if tf.__version__.startswith(("1.", "2.1.", "2.4."))
        else [layers.Dense(WIDTH, input_shape=(4,), use_bias=False), layers.Dense(1)]
    )
    if not isinstance(model.layers[0], layers.Embedding):
        model.layers[0].set_weights([table])
        model.layers[0].trainable = False
    model.compile("sgd", "mse")
    run_of("SharedInit", framework=framework).keras(model)
    return bool(np.array_equal(model.layers[0].get_weights()[0], table))


if __name__ == "__main__":
    main(*sys.argv[1:])
