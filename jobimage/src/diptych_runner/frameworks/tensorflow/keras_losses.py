"""Losses of the built-in classifiers in tf.keras, for graphs and for tf.function alike."""

from typing import Any

from diptych_runner.frameworks import base


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
