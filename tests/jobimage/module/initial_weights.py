"""Lets SharedInit begin a model of constants and draws; prints what it left.

Run inside a TensorFlow environment that has tf.keras.
"""

# mypy: ignore-errors

import json
import os
import sys
import tempfile

import numpy as np
from tests.jobimage.fakes import run_of

from diptych_runner import frameworks

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
        "loaded": {
            name: kept_of(model, layers, framework)
            for name, (model, layers) in sorted(loadings(tf).items())
        },
        "later": later(tf, framework),
    }
    told["frozen"] = kept_when_frozen(tf, framework)
    if version.startswith("1."):
        told["restored"] = [kept_when_restored(tf, framework, seed) for seed in (None, 3)]
    native = model_of(tf)
    native.set_weights(before)
    run_of(framework=framework).keras(native)
    told["native"] = all(np.array_equal(*pair) for pair in zip(before, native.get_weights()))
    print(json.dumps(told))


def kept_of(model, layers, framework):
    """Return which weights of layers stay as they are when a control takes the model."""
    before = [weight for layer in layers for weight in layer.get_weights()]
    run_of("SharedInit", framework=framework).keras(model)
    after = [weight for layer in layers for weight in layer.get_weights()]
    return [bool(np.array_equal(*pair)) for pair in zip(before, after)]


def later(tf, framework):
    """Return what stays when a model that is trained is taken again, and when one is built late."""
    rows = np.random.RandomState(5).normal(size=(8, WIDTH)).astype(np.float32)
    model = tf.keras.models.Sequential([tf.keras.layers.Dense(1, input_shape=(WIDTH,))])
    model.compile("sgd", "mse")
    run = run_of("SharedInit", framework=framework)
    run.keras(model)
    model.fit(rows, rows[:, :1], verbose=0)
    trained = model.get_weights()
    model.compile("sgd", "mse")
    run.keras(model)
    model.fit(rows, rows[:, :1], verbose=0, epochs=0)
    found = {"again": [bool(np.array_equal(*pair)) for pair in zip(trained, model.get_weights())]}
    if not tf.__version__.startswith("1."):
        found["built"] = built_late(tf, framework, rows)
    return found


def built_late(tf, framework, rows):
    """Return what stays of weights that come between run.keras and fit; and of drawn ones."""
    kept = []
    for is_loaded in (True, False):
        model = tf.keras.models.Sequential([outer(tf), tf.keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        run_of("SharedInit", framework=framework).keras(model)
        model(tf.constant(rows))
        if is_loaded:
            model.set_weights([np.ones(each.shape, np.float32) for each in model.get_weights()])
        before = model.get_weights()
        model.fit(rows, rows[:, :1], verbose=0, epochs=0)
        kept.append([bool(np.array_equal(*pair)) for pair in zip(before, model.get_weights())])
    return kept


def outer(tf):
    """Return a layer whose own is built in its call."""

    class Layer(tf.keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = tf.keras.layers.Dense(3)

        def call(self, inputs):
            return self.inner(inputs)

    return Layer()


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
    """Return models that begin with more than draws, and which of their layers do."""
    initializers = tf.keras.initializers
    whole = model_of(tf)
    whole.set_weights([np.random.RandomState(7).normal(size=w.shape) for w in whole.get_weights()])
    trained = model_of(tf)
    rows = np.random.RandomState(5).normal(size=(8, WIDTH)).astype(np.float32)
    trained.fit(rows, rows[:, :1], epochs=3, verbose=0)
    reused = tf.keras.models.Model(
        trained.inputs, tf.keras.layers.Dense(1)(trained.layers[-1].output)
    )
    reused.compile("sgd", "mse")
    table = np.random.RandomState(3).normal(size=(WIDTH, 2)).astype(np.float32)
    given = dense(tf, kernel_initializer=initializers.Constant(table))
    biased = dense(tf, bias_initializer="random_normal")
    function = dense(tf, kernel_initializer=drawn_by(tf))
    # The environment of 1.4 has no h5py.
    stored = whole if tf.__version__.startswith("1.4.") else loaded_again(tf, whole)
    return {
        "whole": (whole, whole.layers),
        "trained": (trained, trained.layers[1:2]),
        "reused": (reused, trained.layers[1:2]),
        "stored": (stored, stored.layers),
        "given": (given, given.layers),
        "biased": (biased, biased.layers),
        "function": (function, function.layers),
        "nested": nested(tf),
    }


def loaded_again(tf, model):
    """Return what load_model makes of a saved model."""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "model.h5")
        model.save(file)
        loaded = tf.keras.models.load_model(file, compile=False)
    loaded.compile("sgd", "mse")
    return loaded


def dense(tf, **options):
    """Return one layer, compiled."""
    model = tf.keras.models.Sequential([tf.keras.layers.Dense(2, input_shape=(WIDTH,), **options)])
    model.compile("sgd", "mse")
    return model


def drawn_by(tf):
    """Return an initializer that is a function of the script's own."""
    draw = tf.random_normal if tf.__version__.startswith("1.") else tf.random.normal
    return lambda shape, dtype=None, **_others: draw(shape)


def nested(tf):
    """Return a model whose Dense is built in another layer's call."""
    inputs = tf.keras.layers.Input((WIDTH,))
    layer = tf.keras.layers.Dense(3) if tf.__version__.startswith("1.") else outer(tf)
    model = tf.keras.models.Model(inputs, layer(inputs))
    model.compile("sgd", "mse")
    return model, [layer]


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


def kept_when_restored(tf, framework, seed):
    """Return whether what a Saver restores stays, in a graph of the script's own."""
    with tempfile.TemporaryDirectory() as folder:
        with tf.Graph().as_default(), tf.Session() as session:
            tf.set_random_seed(seed)
            model = dense(tf)
            model.get_weights()
            saver = tf.train.Saver()
            # What is restored is not what a graph with a seed draws first.
            session.run(tf.global_variables_initializer())
            file = saver.save(session, os.path.join(folder, "weights"))
            session.run(tf.global_variables_initializer())
            saver.restore(session, file)
            before = model.get_weights()
            run_of("SharedInit", framework=framework).keras(model)
            return bool(np.array_equal(before[0], model.get_weights()[0]))


if __name__ == "__main__":
    main(*sys.argv[1:])
