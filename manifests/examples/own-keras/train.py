import tensorflow as tf

from diptych_runner.module import run

(x_train, y_train), (x_test, y_test) = run.data
x_train, x_test = x_train / x_train.max(), x_test / x_train.max()

model = tf.keras.models.Sequential(
    [
        tf.keras.layers.Flatten(input_shape=x_train.shape[1:]),
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dropout(0.2),
        tf.keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile(
    optimizer="adam",
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
run.keras(model)
model.fit(x_train, y_train, epochs=5)
model.evaluate(x_test, y_test, verbose=2)
run.predictions(model.predict(x_test), y_test)
