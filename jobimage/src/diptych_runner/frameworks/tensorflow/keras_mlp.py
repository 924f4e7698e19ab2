"""The mnist-mlp model in tf.keras, for graphs and for tf.function alike."""

from typing import Any, List, Tuple

from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import keras_settings


def model(tf: Any, problem: base.Mlp, *, given_masks: bool) -> Tuple[Any, List[Tuple[str, Any]]]:
    """Return the model, and its layers with variables by our names, in the model's order.

    A tf.keras.Sequential as a user of any version writes it; with masks one of two inputs.
    """
    layers = tf.keras.layers
    hidden = layers.Dense(problem.hidden, activation="relu")
    output = layers.Dense(problem.outputs, activation="softmax")
    named = [("hidden", hidden), ("output", output)]
    if given_masks:
        images = layers.Input(shape=problem.input_shape)
        mask = layers.Input(shape=(problem.hidden,))
        dropped = layers.Multiply()([hidden(layers.Flatten()(images)), mask])
        return tf.keras.models.Model([images, mask], output(dropped)), named
    dropout = layers.Dropout(problem.dropout)
    first = _input(tf, problem.input_shape)
    return tf.keras.models.Sequential(first + [hidden, dropout, output]), named


def _input(tf: Any, shape: base.Shape) -> List[Any]:
    flatten = tf.keras.layers.Flatten
    if keras_settings.is_keras_3(tf):
        # Keras 3 warns about a shape given to a layer.
        return [tf.keras.Input(shape), flatten()]
    return [flatten(input_shape=shape)]
