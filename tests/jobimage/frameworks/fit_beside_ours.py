"""Trains one model by fit and once more by our program; prints how far apart they end.

Run inside a TensorFlow 2.x environment. Both start from the same weights, take the same batches
in the same order (fit: one epoch at a time on permuted arrays, shuffle off) and drop the same
units (fit: a layer that multiplies by a variable, set before each batch).
"""

import json
import sys

import numpy as np

from diptych_runner import frameworks, seeding
from diptych_runner.data import images
from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import keras_losses
from diptych_runner.frameworks.tensorflow.optimizers import keras
from diptych_runner.trials.batches import Batches, by_epoch
from diptych_runner.workloads.task import Data

SEED, EXAMPLES, BATCH, EPOCHS = 7, 200, 32, 2


def main(version: str, optimizer_name: str, loss: str) -> None:
    """Print the distance of the weights, fit's own logs and our losses."""
    framework = frameworks.load("tensorflow", version)
    framework.begin(SEED, 1)
    whole = images.digits()
    data = Data("digits", whole.train_inputs[:EXAMPLES], whole.train_targets[:EXAMPLES], *whole[3:])
    optimizer = base.Optimizer(optimizer_name, {}, {})
    problem = base.Mlp(input_shape=(8, 8), hidden=128, outputs=10, dropout=0.2, loss=loss)
    layers = base.random_layers(problem)

    program = framework.build(problem, optimizer, given_masks=True)
    start = seeding.initial_weights(SEED, program.weight_shapes())
    program.assign_weights(start)
    order = by_epoch(EXAMPLES, BATCH, seeding.shared_orders(SEED).permutation)
    batches = Batches(data, order, seeding.shared_masks(SEED, layers))
    steps = EPOCHS * -(-EXAMPLES // BATCH)
    ours = [program.step(batches.next()) for _ in range(steps)]
    tensors = program.tensors()

    model, logged = fit(data, problem, optimizer, start)
    distances = {
        name: float(np.max(np.abs(variable.numpy() - tensors["weights/" + name])))
        for name, variable in named(model)
    }
    print(json.dumps({"distances": distances, "ours": ours, "logged": logged}))


def fit(data, problem, optimizer, start):
    """Return the model after fit, and the losses that its logs told."""
    import tensorflow as tf

    class Mask(tf.keras.layers.Layer):  # type: ignore[misc]
        def __init__(self):
            super().__init__()
            ones = np.ones((BATCH, problem.hidden), dtype=np.float32)
            shape = tf.TensorShape([None, problem.hidden])
            self.mask = tf.Variable(ones, shape=shape, trainable=False)

        def call(self, inputs):
            return inputs * self.mask

    layer = Mask()
    draw = seeding.shared_masks(SEED, base.random_layers(problem))
    logged = []

    class Feed(tf.keras.callbacks.Callback):  # type: ignore[misc]
        def on_train_batch_begin(self, batch, logs=None):
            rows = min(BATCH, EXAMPLES - batch * BATCH)
            layer.mask.assign(draw(rows)["dropout"])

        def on_train_batch_end(self, batch, logs=None):
            logged.append(float(logs["loss"]))

    dense = tf.keras.layers.Dense
    model = tf.keras.Sequential(
        [
            tf.keras.layers.Flatten(input_shape=problem.input_shape),
            dense(problem.hidden, activation="relu"),
            layer,
            dense(problem.outputs, activation="softmax"),
        ]
    )
    for name, variable in named(model):
        variable.assign(start[name])
    model.compile(
        optimizer=keras.make(tf, optimizer),
        loss=keras_losses.compiled_loss(tf, problem.loss),
    )
    permutation = seeding.shared_orders(SEED).permutation
    for _ in range(EPOCHS):
        taken = permutation(EXAMPLES)
        model.fit(
            data.train_inputs[taken],
            data.train_targets[taken].reshape(-1, 1),
            batch_size=BATCH,
            epochs=1,
            shuffle=False,
            verbose=0,
            callbacks=[Feed()],
        )
    return model, logged


def named(model):
    """Return the variables of both dense layers by our names."""
    hidden, output = model.layers[-3], model.layers[-1]
    return [
        ("hidden/kernel", hidden.kernel),
        ("hidden/bias", hidden.bias),
        ("output/kernel", output.kernel),
        ("output/bias", output.bias),
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
