"""A Keras script as anybody writes one: its model, its optimizer by name, its own parameter."""

# mypy: ignore-errors

import numpy as np
import tensorflow as tf

from diptych_runner.module import run

(x_train, y_train), (x_test, y_test) = run.data
layers = tf.keras.layers
model = tf.keras.models.Sequential(
    [
        layers.Reshape((8, 8), input_shape=x_train.shape[1:]),
        layers.LSTM(4),
        layers.Dense(int(run.parameters.get("width", 8)), activation="relu"),
        layers.BatchNormalization(),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adadelta", "sparse_categorical_crossentropy", metrics=["accuracy"])
run.keras(model)
model.fit(x_train[:256], y_train[:256], epochs=1, verbose=0)
model.evaluate(x_test, y_test, verbose=0)
run.predictions(np.asarray(model.predict(x_test)), y_test)
model.evaluate(x_train, y_train, verbose=0)
