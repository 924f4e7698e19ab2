"""Prints what run.keras says of models that it would train otherwise than fit does.

Run inside a TensorFlow environment that has tf.keras.
"""

# mypy: ignore-errors

import json
import sys

import numpy as np
from tests.jobimage.fakes import run_of

from diptych_runner import frameworks
from diptych_runner.frameworks.tensorflow.own_losses import ModelUnknown
from diptych_runner.module.errors import ModuleError

ROWS = np.ones((8, 10), dtype=np.float32)
TARGETS = np.ones((8, 1), dtype=np.float32)


def main(version, *names):
    """Print by case what was refused; None where nothing was."""
    framework = frameworks.load("tensorflow", version)
    framework.begin(7, 1)
    framework.begin_own_code()
    import tensorflow as tf

    print(json.dumps({name: said(tf, framework, CASES[name]) for name in names}))


def said(tf, framework, case):
    """Return the refusal, or None."""
    try:
        case(tf, lambda model: run_of(framework=framework).keras(model) or model)
    except (ModelUnknown, ModuleError) as error:
        return str(error)
    return None


def scaled_loss(tf, taken):
    """Mixed precision, where compile wraps the optimizer."""
    mixed = tf.keras.mixed_precision
    mixed.set_global_policy("mixed_float16")
    try:
        taken(compiled(tf)).fit(ROWS, TARGETS, verbose=0)
    finally:
        mixed.set_global_policy("float32")


def scale_factor(tf, taken):
    """Scale the loss by a number."""
    optimizer = tf.keras.optimizers.SGD(0.01, loss_scale_factor=64.0)
    taken(compiled(tf, optimizer)).fit(ROWS, TARGETS, verbose=0)


def minimize(tf, taken):
    """Let an optimizer take the loss itself."""

    class Own(tf.keras.optimizers.SGD):
        def minimize(self, *given, **named):
            return super().minimize(*given, **named)

    taken(compiled(tf, Own(0.01))).fit(ROWS, TARGETS, verbose=0)


def own_fit(tf, taken):
    """Train by a fit of the script's own."""

    class Own(tf.keras.models.Model):
        def fit(self, *given, **named):
            return super().fit(*given, **named)

    taken(functional(tf, Own)).fit(ROWS, TARGETS, verbose=0)


def train_function(tf, taken):
    """Train by a function of the script's own."""

    class Own(tf.keras.models.Model):
        def make_train_function(self, *given):
            return super().make_train_function(*given)

    taken(functional(tf, Own)).fit(ROWS, TARGETS, verbose=0)


def stateful(tf, taken):
    """Go on from the last batch's state."""
    layers = tf.keras.layers
    options = {"stateful": True}
    if hasattr(tf.keras, "version"):
        first = [layers.Input(batch_shape=(8, 5, 2))]
    else:
        first, options["batch_input_shape"] = [], (8, 5, 2)
    model = tf.keras.models.Sequential(first + [layers.LSTM(3, **options), layers.Dense(1)])
    model.compile("sgd", "mse")
    taken(model).fit(np.ones((8, 5, 2)), TARGETS, batch_size=8, verbose=0)


def several_batches(tf, taken):
    """Call callbacks after four batches."""
    model = taken(compiled(tf, steps_per_execution=4))
    model.fit(ROWS, TARGETS, verbose=0)
    model.fit(ROWS, TARGETS, verbose=0, callbacks=[tf.keras.callbacks.TerminateOnNaN()])


def one_batch(tf, taken):
    """Train by another method than fit."""
    taken(compiled(tf)).train_on_batch(ROWS, TARGETS)


def frozen(tf, taken):
    """Freeze a layer that was compiled to be trained."""
    model = compiled(tf)
    model.layers[0].trainable = False
    taken(model).fit(ROWS, TARGETS, verbose=0)


def generator(tf, taken):
    """Train by another method than fit."""
    taken(compiled(tf)).fit_generator([])


def unheard(tf, taken):
    """Stop by a metric of the batches."""
    model = taken(compiled(tf, metrics=["mae"]))
    early = tf.keras.callbacks.EarlyStopping(monitor=model.metrics_names[1])
    model.fit(ROWS, TARGETS, verbose=0, callbacks=[early])


def tested(tf, taken):
    """Hear of the end of each validation."""
    hears = tf.keras.callbacks.LambdaCallback()
    hears.on_test_end = lambda logs=None: None
    data = {"validation_data": (ROWS, TARGETS), "callbacks": [hears]}
    taken(compiled(tf)).fit(ROWS, TARGETS, verbose=0, **data)


def compiled(tf, optimizer="sgd", **options):
    """Return one dense layer, compiled."""
    model = tf.keras.models.Sequential([tf.keras.layers.Dense(1, input_shape=(10,))])
    model.compile(optimizer, "mse", **options)
    return model


def functional(tf, kind):
    """Return one dense layer as a model of a class of the script's own, compiled."""
    inputs = tf.keras.layers.Input((10,))
    model = kind(inputs, tf.keras.layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    return model


CASES = {
    "fit": own_fit,
    "frozen": frozen,
    "generator": generator,
    "minimize": minimize,
    "one-batch": one_batch,
    "scale-factor": scale_factor,
    "scaled-loss": scaled_loss,
    "several-batches": several_batches,
    "stateful": stateful,
    "tested": tested,
    "train-function": train_function,
    "unheard": unheard,
}


if __name__ == "__main__":
    main(*sys.argv[1:])
