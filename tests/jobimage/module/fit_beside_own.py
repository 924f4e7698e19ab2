"""Trains one model by Keras's fit and once more by ours; prints how far apart they end.

Run inside a TensorFlow environment that has tf.keras. Nothing is drawn at random while training:
both start from the same weights and take the batches in the data's order.
"""

import json
import sys

import numpy as np
from tests.jobimage.fakes import run_of

from diptych_runner import frameworks
from diptych_runner.data import images

SEED, EXAMPLES, BATCH, EPOCHS = 7, 200, 32, 2


def main(version: str, kind: str) -> None:
    """Print distances of weights and of predictions, and both histories."""
    framework = frameworks.load("tensorflow", version)
    framework.begin(SEED, 1)
    framework.begin_own_code()
    import tensorflow as tf

    whole = images.digits()
    x, y = whole.train_inputs[:EXAMPLES], whole.train_targets[:EXAMPLES]
    if kind == "regression":
        y = y.astype(np.float64) / 10.0
    ours = model_of(tf, kind)
    asked = arguments(tf)
    if kind.startswith("weights"):
        # The share to validate on has no weights of its own.
        asked.pop("validation_split")
        if kind == "weights":
            asked["sample_weight"] = np.linspace(0.5, 2.0, len(x))
        else:
            asked["class_weight"] = {label: 1.0 + label for label in range(10)}
    theirs, told = fitted_by_keras(tf, kind, ours.get_weights(), (x, y), asked)
    written = {}  # type: ignore[var-annotated]
    run = run_of(framework=framework, written=written)
    run.keras(ours)
    own = ours.fit(x, y, **asked)
    distances = [
        float(np.max(np.abs(left - right)))
        for left, right in zip(theirs.get_weights(), ours.get_weights())
    ]
    test = whole.test_inputs
    apart = float(np.max(np.abs(theirs.predict(test) - ours.predict(test))))
    print(
        json.dumps(
            {
                "distances": distances,
                "predictions": apart,
                "theirs": plain(told.history),
                "ours": plain(own.history),
                "losses": run.record.losses,
                "statistics": statistics(written, ours),
                "masked": masked(tf, framework, x, whole.train_targets[:EXAMPLES]),
            }
        )
    )


def fitted_by_keras(tf, kind, weights, data, asked):
    """Return a model and its history as soon as two trainings by Keras's own fit agree.

    That of 1.4.0 lets updates race with reads: on a busy machine 2 of 20 trainings end elsewhere.
    """
    seen = []  # type: ignore[var-annotated]
    while len(seen) < 6:
        model = model_of(tf, kind)
        model.set_weights(weights)
        told = model.fit(*data, **asked)
        end = [value.tobytes() for value in model.get_weights()]
        if end in seen:
            return model, told
        seen.append(end)
    raise RuntimeError("no two of {} trainings by Keras agree".format(len(seen)))


def statistics(written, model):
    """Return how far what is recorded of moving means is from what the model holds, by name."""
    last = written[max(written)]
    norm = model.layers[2]
    # gamma, beta, then the two that are not trained, as every version lists them.
    kept = norm.get_weights()[-2:]
    keys = sorted(key for key in last if key.startswith("statistics/"))
    return {key: float(np.max(np.abs(last[key] - own))) for key, own in zip(keys, kept)}


def masked(tf, framework, x, y):
    """Return by how much moving means move while Dropout beside them takes masks."""
    written = {}  # type: ignore[var-annotated]
    layers = tf.keras.layers
    model = tf.keras.models.Sequential(
        [
            layers.Flatten(input_shape=(8, 8)),
            layers.Dropout(0.5),
            layers.BatchNormalization(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    run_of("SharedMasks", framework=framework, written=written).keras(model)
    model.fit(x, y, epochs=1, verbose=0)
    first, last = written[0], written[max(written)]
    return {
        key: float(np.max(np.abs(last[key] - first[key])))
        for key in last
        if key.startswith("statistics/")
    }


def arguments(tf):
    """Return arguments of fit: a schedule, and a share to validate on."""
    rate = tf.keras.callbacks.LearningRateScheduler(lambda epoch: 0.01 / (1 + epoch))
    return {
        "batch_size": BATCH,
        "epochs": EPOCHS,
        "shuffle": False,
        "verbose": 0,
        "validation_split": 0.2,
        "callbacks": [rate],
    }


def model_of(tf, kind):
    """Return a compiled model: a classifier with an own loss from its weights, or a regression."""
    layers = tf.keras.layers
    outputs = 1 if kind == "regression" else 10
    model = tf.keras.models.Sequential(
        [
            layers.Flatten(input_shape=(8, 8)),
            layers.Dense(16, activation="relu", kernel_regularizer=tf.keras.regularizers.l2(0.01)),
            layers.BatchNormalization(),
            layers.Dense(outputs, activation=None if kind == "regression" else "softmax"),
        ]
    )
    if kind == "regression":
        model.compile(optimizer=tf.keras.optimizers.SGD(0.1), loss="mse")
    else:
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def plain(history):
    """Return a history as plain numbers, what the schedule adds too."""
    names = {"acc": "accuracy"}
    return {
        names.get(name, name): [float(value) for value in values]
        for name, values in history.items()
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
