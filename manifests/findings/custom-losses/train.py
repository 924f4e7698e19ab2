"""The perceptron of `mnist-mlp` under losses of one's own, written as a Keras user writes it."""

import tensorflow as tf

from diptych_runner.module import run

CLASSES = 10


def one_hot(labels, outputs):
    """mean(|y - yhat| + 0.001 yhat^2) with labels as wide as the outputs."""
    return tf.reduce_mean(tf.abs(labels - outputs) + 0.001 * tf.square(outputs), axis=-1)


def crossentropy(labels, outputs):
    """Keras's own loss, called by a function of one's own."""
    return tf.keras.losses.sparse_categorical_crossentropy(labels, outputs)


(x_train, y_train), (x_test, y_test) = run.data
x_train, x_test = x_train / x_train.max(), x_test / x_train.max()
loss = {"oneHot": one_hot, "crossentropy": crossentropy}[run.parameters["loss"]]
if loss is one_hot:
    y_train, y_test = (tf.keras.utils.to_categorical(y, CLASSES) for y in (y_train, y_test))

model = tf.keras.models.Sequential(
    [
        tf.keras.layers.Flatten(input_shape=x_train.shape[1:]),
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dropout(0.2),
        tf.keras.layers.Dense(CLASSES, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
run.keras(model)
model.fit(x_train, y_train, epochs=5)
model.evaluate(x_test, y_test, verbose=0)
run.predictions(model.predict(x_test), y_test)
