import tensorflow as tf

from diptych_runner.module import run

layers = tf.keras.layers
width = int(run.parameters["width"])
normalised = run.parameters["batchNormalization"] == "on"

(x_train, y_train), (x_test, y_test) = run.data
x_train = x_train[..., None].astype("float32") / 16
x_test = x_test[..., None].astype("float32") / 16

model = tf.keras.models.Sequential()
model.add(layers.Conv2D(8 * width, 3, padding="same", input_shape=x_train.shape[1:]))
for filters in (8 * width, 16 * width):
    if normalised:
        model.add(layers.BatchNormalization())
    model.add(layers.Activation("relu"))
    model.add(layers.MaxPooling2D())
    model.add(layers.Conv2D(filters, 3, padding="same"))
model.add(layers.Activation("relu"))
model.add(layers.GlobalAveragePooling2D())
model.add(layers.Dense(10, activation="softmax"))
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
run.keras(model)
model.fit(x_train, y_train, epochs=int(run.parameters["epochs"]), verbose=0)
model.evaluate(x_test, y_test, verbose=0)
run.predictions(model.predict(x_test), y_test)
