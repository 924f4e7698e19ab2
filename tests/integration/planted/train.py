"""A Keras script in which the environment variable PLANT changes one thing."""

# mypy: ignore-errors

import os
from typing import Any

import numpy as np
import tensorflow as tf

from diptych_runner.module import run

PLANT = os.environ.get("PLANT", "")

(x_train, y_train), (x_test, y_test) = run.data
x_train, x_test = x_train / 16.0, x_test / 16.0
if PLANT == "order":
    x_train, y_train = x_train[::-1].copy(), y_train[::-1].copy()
if PLANT == "preparation":
    x_test *= 0.5

rate = 0.2 if PLANT == "rate" else 0.5
first = "he_uniform" if PLANT == "initialiser" else "glorot_uniform"


class Hidden(tf.keras.layers.Dense):
    def call(self, inputs: Any) -> Any:  # noqa: ANN401
        if PLANT != "bfloat16":
            return super().call(inputs)
        short = tf.matmul(tf.cast(inputs, tf.bfloat16), tf.cast(self.kernel, tf.bfloat16))
        return self.activation(tf.cast(short, tf.float32) + self.bias)


model = tf.keras.models.Sequential(
    [
        tf.keras.layers.Flatten(input_shape=x_train.shape[1:]),
        Hidden(64, activation="relu", kernel_initializer=first),
        tf.keras.layers.BatchNormalization(momentum=0.5 if PLANT == "momentum" else 0.9),
        tf.keras.layers.Dropout(rate, seed=7 if PLANT == "dropout" else None),
        tf.keras.layers.Dense(10, activation="softmax"),
    ]
)
settings = {"epsilon": 1e-3 if PLANT == "epsilon" else 1e-7}
if PLANT == "clipnorm":
    settings["clipnorm"] = 0.05
schedule = tf.keras.optimizers.schedules.ExponentialDecay(1e-3, 5, 0.5)
if PLANT == "schedule":
    settings["learning_rate"] = schedule


def summed(y_true: Any, y_pred: Any) -> Any:  # noqa: ANN401
    each = tf.keras.losses.sparse_categorical_crossentropy(y_true, y_pred)
    return tf.reduce_sum(each) if PLANT == "reduction" else each


def accuracy(y_true: Any, y_pred: Any) -> Any:  # noqa: ANN401
    """Either what everybody means, or the share of zeros among the answers."""
    answer = tf.argmax(y_pred, axis=1)
    right = (
        tf.zeros_like(answer) if PLANT == "metric" else tf.reshape(tf.cast(y_true, tf.int64), [-1])
    )
    return tf.cast(tf.equal(answer, right), tf.float32)


model.compile(
    optimizer=tf.keras.optimizers.Adam(**settings),
    loss=summed,
    metrics=[accuracy],
)
run.keras(model)
model.fit(x_train, y_train, epochs=1, batch_size=40 if PLANT == "size" else 32)
model.evaluate(x_test, y_test, verbose=0)
run.predictions(np.asarray(model.predict(x_test)), y_test)
