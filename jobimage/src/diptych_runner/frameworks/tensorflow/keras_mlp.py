"""The mnist-mlp model and its losses in tf.keras, for graphs and for tf.function alike."""

from typing import Any, List, Tuple

from diptych_runner.frameworks import base


def model(tf: Any, problem: base.Mlp) -> Any:
    """Return the tf.keras.Sequential as a user of any version writes it."""
    layers = tf.keras.layers
    return tf.keras.models.Sequential(
        _input(tf, problem.input_shape)
        + [
            layers.Dense(problem.hidden, activation="relu"),
            layers.Dropout(problem.dropout),
            layers.Dense(problem.outputs, activation="softmax"),
        ]
    )


def weights(built: Any) -> List[Tuple[str, Any]]:
    """Return the model's variables by name: hidden/kernel, hidden/bias, output/kernel, ..."""
    hidden, _, output = built.layers[-3:]
    return [
        (name + part, getattr(layer, part.strip("/")))
        for name, layer in (("hidden", hidden), ("output", output))
        for part in ("/kernel", "/bias")
    ]


def masked(built: Any, inputs: Any, mask: Any) -> Any:
    """Return the model's outputs with `mask` in the place of its dropout."""
    flatten, hidden, _, output = built.layers[-4:]
    return output(hidden(flatten(inputs)) * mask)


def batch_loss(tf: Any, loss: str, labels: Any, outputs: Any) -> Any:
    """Return a batch's loss as fit computes it; labels (n, 1) whole numbers, outputs (n, 10)."""
    if loss == base.CUSTOM:
        return custom_loss(tf)(labels, outputs)
    losses = tf.keras.losses
    if hasattr(losses, "SparseCategoricalCrossentropy"):
        return losses.SparseCategoricalCrossentropy()(labels, outputs)
    # Up to 1.12 losses are functions, and fit takes their mean.
    return tf.reduce_mean(losses.sparse_categorical_crossentropy(labels, outputs))


def compiled_loss(tf: Any, loss: str) -> Any:
    """Return what a user gives to `compile`: a name or a function."""
    return custom_loss(tf) if loss == base.CUSTOM else base.CROSSENTROPY


def custom_loss(tf: Any) -> Any:
    """Return mean(|y - yhat| + 0.001 yhat^2) as a function of labels and outputs.

    Labels (n, 1) are broadcast against outputs (n, 10): each output is compared with its row's
    label. It is not a sensible loss; it is the one whose accuracy two versions reported
    differently.
    """

    def loss(labels: Any, outputs: Any) -> Any:
        wide = tf.cast(labels, outputs.dtype)
        square = base.CUSTOM_LOSS_SQUARE * tf.square(outputs)
        return tf.reduce_mean(tf.abs(wide - outputs) + square)

    return loss


def _input(tf: Any, shape: base.Shape) -> List[Any]:
    flatten = tf.keras.layers.Flatten
    if is_keras_3(tf):
        # Keras 3 warns about a shape given to a layer.
        return [tf.keras.Input(shape), flatten()]
    return [flatten(input_shape=shape)]


def is_keras_3(tf: Any) -> bool:
    """Return whether tf.keras is Keras 3: TensorFlow from 2.16, unless told otherwise."""
    version = getattr(tf.keras, "__version__", None) or "2"
    return str(version).split(".")[0] == "3"
