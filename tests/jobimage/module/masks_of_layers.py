"""Trains models whose layers draw at random under SharedMasks; prints what becomes of each.

Run inside a TensorFlow environment that has tf.keras: a model is refused, or its masks are told.
"""

# mypy: ignore-errors

import json
import os
import sys
import tempfile

import numpy as np
from tests.jobimage.fakes import run_of

from diptych_runner import frameworks
from diptych_runner.frameworks.tensorflow.own_masks import MasksMissing

ROWS, WIDTH = 8, 6


def main(version: str) -> None:
    """Print for each kind of model the error that refuses it, or how many masks it took."""
    framework = frameworks.load("tensorflow", version)
    framework.begin(1, 1)
    framework.begin_own_code()
    import tensorflow as tf

    told = {}
    for name, layers in sorted(kinds(tf).items()):
        told[name] = trained(tf, framework, layers)
    if not version.startswith("1."):
        told["training alone"] = trained(tf, framework, subclassed(tf))
        told["training alone"].update(saved(tf, framework))
        told["eager"] = trained(tf, framework, kinds(tf)["renamed"], run_eagerly=True)
    print(json.dumps(told))


def trained(tf, framework, made, **compiled):
    """Return the masks of two steps, or the error."""
    model = made if hasattr(made, "compile") else tf.keras.models.Sequential(made)
    model.compile("adam", "mse", **compiled)
    run = run_of("SharedMasks", framework=framework)
    x = np.linspace(-1, 1, ROWS * WIDTH).reshape(ROWS, WIDTH).astype(np.float32)
    run.keras(model)
    try:
        model.fit(x, x[:, :1], batch_size=4, epochs=1)
    except MasksMissing as error:
        return {"refused": str(error)}
    lines = [json.loads(line) for line in run.record.inputs.to_bytes(2).decode().splitlines()]
    return {"masks": [line["masks"] for line in lines]}


def saved(tf, framework):
    """Return whether a model that took masks can be saved, as a checkpoint's callback does."""
    model = tf.keras.models.Sequential(kinds(tf)["plain"])
    model.compile("adam", "mse")
    run_of("SharedMasks", framework=framework).keras(model)
    x = np.linspace(-1, 1, ROWS * WIDTH).reshape(ROWS, WIDTH).astype(np.float32)
    model.fit(x, x[:, :1], batch_size=4, epochs=1)
    with tempfile.TemporaryDirectory() as folder:
        # Keras 3 writes archives alone.
        path = os.path.join(folder, "model.keras" if hasattr(tf.keras, "version") else "model")
        model.save(path)
        return {"saved": os.path.exists(path)}


def kinds(tf):
    """Return layers by what they show."""
    layers = tf.keras.layers
    random = getattr(tf, "random_normal", None) or tf.random.normal
    shape = {"input_shape": (WIDTH,)}

    class Always(layers.Dropout):
        """Gal and Ghahramani's, as it is found in many a script."""

        def call(self, inputs, training=None):
            return super().call(inputs, training=True)

    class Renamed(layers.Dropout):
        """A Dropout under another name."""

    class Sampling(layers.Layer):
        """As in the example of a variational autoencoder."""

        def call(self, inputs):
            return inputs + 0.1 * random(tf.shape(inputs))

    class Hidden(layers.Layer):
        """Draws inside of a loop's condition."""

        def call(self, inputs):
            def body(count, value):
                drawn = tf.cond(
                    count > 0,
                    lambda: value + 0.1 * random(tf.shape(value)),
                    lambda: value,
                )
                return count + 1, drawn

            _, found = tf.while_loop(
                lambda count, _: count < 2,
                body,
                [tf.constant(0), inputs],
            )
            found.set_shape(inputs.shape)
            return found

    def dropped(inputs):
        return tf.nn.dropout(inputs, 0.5)

    drop = layers.Dropout(0.5, **shape)
    never_input = layers.Input(shape=(WIDTH,))
    made = {
        "plain": [
            layers.Dense(4, kernel_initializer="he_normal", **shape),
            layers.BatchNormalization(),
            layers.Dropout(0.5),
            layers.Dropout(0.0),
            layers.Dense(1),
        ],
        "renamed": [Renamed(0.5, **shape), layers.Dense(1)],
        "spatial": [
            layers.Reshape((3, 2), **shape),
            layers.SpatialDropout1D(0.5),
            layers.Flatten(),
            layers.Dense(1),
        ],
        "recurrent": [
            layers.Reshape((3, 2), **shape),
            layers.LSTM(3),
            layers.Dropout(0.5),
            layers.Dense(1),
        ],
        "noise": [layers.GaussianNoise(0.5, **shape), layers.Dense(1)],
        "recurrent dropout": [layers.Reshape((3, 2), **shape), layers.LSTM(3, dropout=0.5)],
        "always": [Always(0.5, **shape), layers.Dense(1)],
        "sampling": [drop, Sampling(), layers.Dense(1)],
        "lambda": [layers.Lambda(dropped, **shape), layers.Dense(1)],
        "python": [noisy(tf)(**shape), layers.Dense(1)],
        "hidden": [layers.Dense(4, **shape), Hidden(), layers.Dense(1)],
        "never": tf.keras.models.Model(
            never_input,
            layers.Dense(1)(layers.Dropout(0.5)(never_input, training=False)),
        ),
    }
    if tf.__version__.startswith("1.4"):
        # What a call of a layer is told is not kept in a model there.
        made.pop("never")
    if tf.__version__.startswith("2.1."):
        # The NumPy beside it breaks its recurrent layers, with or without masks.
        made.pop("recurrent")
        made.pop("recurrent dropout")
    return made


def noisy(tf):
    """Return a class of layers that draw in Python."""
    python = getattr(tf, "numpy_function", None) or tf.py_func

    class Noisy(tf.keras.layers.Layer):
        def call(self, inputs):
            def drawn(rows):
                return rows + np.random.normal(size=rows.shape).astype(np.float32)

            found = python(drawn, [inputs], tf.float32)
            found.set_shape(inputs.shape)
            return found

        def compute_output_shape(self, shape):
            return shape

    return Noisy


def subclassed(tf):
    """Return a model that calls its Dropout in training alone."""

    class Own(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.first = tf.keras.layers.Dense(4)
            self.drop = tf.keras.layers.Dropout(0.5)
            self.last = tf.keras.layers.Dense(1)

        def call(self, inputs, training=False):
            found = self.first(inputs)
            if training:
                found = self.drop(found, training=training)
            return self.last(found)

    return Own()


if __name__ == "__main__":
    main(*sys.argv[1:])
