"""Trains models of many kinds by Keras's fit and once more by ours; prints how each pair ends.

Run inside a TensorFlow environment that has tf.keras. Both start from the same weights and take the
batches in the data's order, so that all of what they end in must be the same bits.
"""

import json
import sys
from typing import Any, Dict, List  # noqa: F401 - in type comments

import numpy as np
from tests.jobimage.fakes import run_of

from diptych_runner import frameworks

SEED, EXAMPLES, BATCH = 7, 40, 8
#: Of a loss in Python.
CALLS = []  # type: List[int]


def main(version, *names):
    """Print by case how far weights end apart, and what both told."""
    framework = frameworks.load("tensorflow", version)
    framework.begin(SEED, 1)
    framework.begin_own_code()
    import tensorflow as tf

    found = {name: compared(tf, framework, CASES[name]) for name in names}
    # 2.1 counts in NumPy's numbers.
    print(json.dumps(found, default=int))


def compared(tf, framework, case):
    """Return what of two trainings is compared."""
    # One of them sets another.
    tf.keras.backend.set_floatx("float32")
    ours = case.model(tf)
    start = ours.get_weights()
    theirs, told = by_keras(tf, case, start)
    # The last step is one of the plan's.
    written = {}  # type: Dict[int, Any]
    run = run_of(framework=framework, every=5, written=written)
    run.keras(ours)
    own = case().fit(tf, ours)
    return {
        "distances": [
            float(np.max(np.abs(left - right)))
            for left, right in zip(theirs.get_weights(), ours.get_weights())
        ],
        "moved": max(
            float(np.max(np.abs(left - right))) for left, right in zip(start, ours.get_weights())
        ),
        "theirs": told,
        "ours": own,
        "steps": len(run.record.losses),
        "calls": len(CALLS),
        "jit": run.record.effective.get("jitCompile"),
        "recorded": recorded(written, ours),
    }


def recorded(written, model):
    """Return how far the weights of the last checkpoint are from what the model holds."""
    last = written[max(written)]
    kept = {key: value for key, value in last.items() if key.startswith("weights/")}
    held = {value.shape: value for value in model.get_weights()}
    return max(float(np.max(np.abs(value - held[value.shape]))) for value in kept.values())


def by_keras(tf, case, start):
    """Return a model and what it told as soon as two trainings by Keras's own fit agree.

    That of 1.4.0 lets updates race with reads.
    """
    seen = []  # type: ignore[var-annotated]
    while len(seen) < 6:
        model = case.model(tf)
        model.set_weights(start)
        told = case().fit(tf, model)
        end = [value.tobytes() for value in model.get_weights()]
        if end in seen:
            return model, told
        seen.append(end)
    raise RuntimeError("no two of {} trainings by Keras agree".format(len(seen)))


class Case(object):
    """A line through ten numbers, and one fit of it."""

    epochs = 2

    @staticmethod
    def model(tf):
        """Return a compiled model."""
        return line(tf, "mse")

    def data(self):
        """Return inputs and targets."""
        generator = np.random.RandomState(SEED)
        inputs = generator.normal(size=(EXAMPLES, 10)).astype(np.float32)
        return inputs, inputs.sum(axis=1, keepdims=True)

    def fit(self, _tf, model):
        """Train; return the history."""
        return self.history(model)

    def history(self, model, **others):
        """Return the history of one fit."""
        asked = {"batch_size": BATCH, "epochs": self.epochs, "shuffle": False, "verbose": 0}
        asked.update(others)
        return plain(model.fit(*self.data(), **asked).history)


class LossWeights(Case):
    """A loss that counts half."""

    @staticmethod
    def model(tf):
        return line(tf, "mse", loss_weights=[0.5])


class Masks(Case):
    """Sequences of unequal length: what is 0 is masked, in the loss and in metrics."""

    @staticmethod
    def layers(tf):
        """Return an embedding, and two layers of each of its rows."""
        layers = tf.keras.layers
        old = tf.__version__.startswith(("1.", "2.1."))
        length = {"input_length": 6} if old else {}
        hidden = layers.Dense(5, activation="tanh")
        return [layers.Embedding(12, 4, mask_zero=True, **length), hidden, layers.Dense(1)]

    @staticmethod
    def model(tf):
        model = tf.keras.models.Sequential(Masks.layers(tf))
        if not model.built:
            model.build((None, 6))
        # In 1.x ours has no metrics to tell.
        metrics = [] if tf.__version__.startswith("1.") else ["mae"]
        model.compile(tf.keras.optimizers.SGD(0.1), "mse", metrics=metrics)
        return model

    def data(self):
        generator = np.random.RandomState(SEED)
        inputs = generator.randint(1, 12, size=(EXAMPLES, 6))
        for row, length in zip(inputs, generator.randint(1, 7, size=EXAMPLES)):
            row[length:] = 0
        return inputs, np.cumsum(inputs, axis=1)[:, :, None] / 10.0


class Recurrent(Masks):
    """The same sequences, through an LSTM."""

    @staticmethod
    def model(tf):
        layers = Masks.layers(tf)
        layers[1] = tf.keras.layers.LSTM(5, return_sequences=True)
        model = tf.keras.models.Sequential(layers)
        if not model.built:
            model.build((None, 6))
        model.compile(tf.keras.optimizers.SGD(0.1), "mse")
        return model


class StoppedInAnEpoch(Case):
    """A callback ends the training after the third batch of the second epoch."""

    epochs = 3

    def fit(self, tf, model):
        return self.history(
            model, callbacks=[made(Stop, tf.keras.callbacks.Callback)], validation_data=self.data()
        )


class SharedLogs(Case):
    """A callback adds a number that two others go by; what each was told is told on."""

    epochs = 8

    def fit(self, tf, model):
        callbacks = tf.keras.callbacks
        adds = made(Adds, callbacks.Callback)
        rate = callbacks.ReduceLROnPlateau(monitor="val_f1", mode="min", factor=0.5, patience=2)
        early = callbacks.EarlyStopping(monitor="val_f1", mode="min", patience=4)
        history = self.history(model, callbacks=[adds, rate, early], batch_size=16)
        params = dict(adds.params)
        if tf.__version__.startswith("1."):
            # Keras told None, and counted in examples.
            params["steps"] = None
        return {"history": history, "params": params, "told": adds.told}


class Clipped(Case):
    """Gradients are clipped, as far as the version's fit does."""

    @staticmethod
    def model(tf):
        return line(tf, "mse", tf.keras.optimizers.SGD(0.05, clipvalue=0.1))


class CompiledAgain(Case):
    """A head is trained first, then all of it by another loss, by the same optimizer."""

    @staticmethod
    def model(tf):
        layers = tf.keras.layers
        model = tf.keras.models.Sequential([layers.Dense(4, input_shape=(10,)), layers.Dense(1)])
        model.compile("sgd", "mae")
        return model

    def fit(self, tf, model):
        # From 2.11 on an optimizer knows for good what it trains.
        freezes = tf.__version__.startswith("1.") or slots_by_variable(tf)
        optimizer = tf.keras.optimizers.SGD(0.01, momentum=0.9)
        model.layers[0].trainable = not freezes
        model.compile(optimizer, "mse")
        first = self.history(model)
        model.layers[0].trainable = True
        model.compile(optimizer, "mae")
        return [first, self.history(model)]


class TrainableAfterwards(Case):
    """What is trainable changes after compile, both ways."""

    @staticmethod
    def model(tf):
        layers = tf.keras.layers
        model = tf.keras.models.Sequential(
            [
                layers.Dense(4, input_shape=(10,), kernel_regularizer="l2", use_bias=False),
                layers.BatchNormalization(center=False, scale=False),
                layers.Dense(3),
                layers.Dense(1),
            ]
        )
        model.layers[2].trainable = False
        model.compile(tf.keras.optimizers.SGD(0.05), "mse")
        for place, layer in enumerate(model.layers):
            layer.trainable = place >= 2
        return model


class MovingAverage(Case):
    """The weights end as a mean over the steps; what is recorded last is what the model holds."""

    @staticmethod
    def model(tf):
        optimizer = tf.keras.optimizers.SGD(0.05, use_ema=True, ema_momentum=0.9)
        return line(tf, "mse", optimizer)


class Eagerly(Case):
    """A step is no function: a loss is called at each one."""

    @staticmethod
    def model(tf):
        def loss(targets, outputs):
            CALLS.append(1)
            return tf.reduce_mean(tf.square(targets - outputs), axis=-1)

        return line(tf, loss, run_eagerly=True)

    def fit(self, tf, model):
        del CALLS[:]
        return self.history(model)


class ByXla(Case):
    """A step is compiled by XLA."""

    @staticmethod
    def model(tf):
        return line(tf, "mse", jit_compile=True)


class WholeNumbers(Case):
    """Labels are whole numbers, which a loss of fractions takes too."""

    @staticmethod
    def model(tf):
        return line(tf, "binary_crossentropy", activation="sigmoid")

    def data(self):
        inputs, targets = super().data()
        return inputs, (targets > 0).astype(np.int64)


class WholeNumbersOfAnOwnLoss(WholeNumbers):
    """A loss of the script's own that takes none but the outputs' type, which Keras gives it."""

    @staticmethod
    def model(tf):
        def loss(targets, outputs):
            return tf.abs(targets - outputs)

        return line(tf, loss)


class WithoutGradient(Case):
    """A weight that the loss does not depend on."""

    @staticmethod
    def model(tf):
        layers = tf.keras.layers
        model = tf.keras.models.Sequential(
            [layers.Dense(1, input_shape=(10,)), made(Idle, layers.Layer, name="idle_layer")]
        )
        model.compile("sgd", "mse")
        return model


class InDouble(Case):
    """Everything in float64."""

    @staticmethod
    def model(tf):
        tf.keras.backend.set_floatx("float64")
        return line(tf, "mse")

    def data(self):
        inputs, targets = super().data()
        return inputs.astype(np.float64) / 3.0, targets.astype(np.float64) / 3.0


class Idle(object):
    """A layer with a weight that it does not use."""

    def build(self, _shape):
        self.idle = self.add_weight(  # type: ignore[attr-defined]
            name="idle", shape=(3,), initializer="ones", trainable=True
        )
        self.built = True

    def call(self, inputs):
        return inputs * 1.0

    def compute_output_shape(self, shape):
        return shape


class Stop(object):
    """A callback that stops in an epoch."""

    epoch = 0

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_batch_end(self, batch, logs=None):
        stops = (self.epoch, batch) == (1, 2)
        self.model.stop_training = stops  # type: ignore[attr-defined]


class Adds(object):
    """A callback that adds a number, and keeps what it is told of batches."""

    def on_train_begin(self, logs=None):
        self.told = []

    def on_batch_end(self, batch, logs=None):
        self.told.append({name: float(value) for name, value in logs.items()})

    def on_epoch_end(self, epoch, logs=None):
        logs["val_f1"] = (3.0, 2.0, 2.5, 2.2, 2.3, 2.1, 2.0, 1.0)[epoch]

    def on_train_end(self, logs=None):
        self.told.append(sorted(logs or {}))


def made(kind, base, **options):
    """Return one of these as a layer or a callback of Keras."""
    return type(kind.__name__, (kind, base), {})(**options)


def slots_by_variable(tf):
    """Return whether optimizers are those up to 2.10."""
    return hasattr(tf.keras.optimizers.SGD(), "get_slot_names")


def line(tf, loss, optimizer=None, activation=None, **others):
    """Return one dense layer, compiled."""
    dense = tf.keras.layers.Dense(1, input_shape=(10,), activation=activation)
    model = tf.keras.models.Sequential([dense])
    model.compile(optimizer or tf.keras.optimizers.SGD(0.05), loss, **others)
    return model


def plain(history):
    """Return a history as plain numbers."""
    return {name: [float(value) for value in values] for name, values in history.items()}


CASES = {
    "by-xla": ByXla,
    "clipped": Clipped,
    "compiled-again": CompiledAgain,
    "eagerly": Eagerly,
    "in-double": InDouble,
    "loss-weights": LossWeights,
    "masks": Masks,
    "moving-average": MovingAverage,
    "recurrent": Recurrent,
    "shared-logs": SharedLogs,
    "stopped-in-an-epoch": StoppedInAnEpoch,
    "trainable-afterwards": TrainableAfterwards,
    "whole-numbers": WholeNumbers,
    "whole-numbers-of-an-own-loss": WholeNumbersOfAnOwnLoss,
    "without-gradient": WithoutGradient,
}


if __name__ == "__main__":
    main(*sys.argv[1:])
