"""Keras's own settings, which a keras.json in somebody's home folder may have changed."""

from typing import Any


def use_defaults(tf: Any) -> None:
    """Set float type, epsilon and image layout as Keras ships them, whatever a file says."""
    if not hasattr(tf, "keras"):
        # Before 1.4 Keras is not part of TensorFlow's own interface, and nothing here uses it.
        return
    backend = tf.keras.backend
    backend.set_floatx("float32")
    backend.set_epsilon(1e-7)
    backend.set_image_data_format("channels_last")


def is_keras_3(tf: Any) -> bool:
    """Return whether tf.keras is Keras 3: TensorFlow from 2.16, unless told otherwise."""
    version = getattr(tf.keras, "__version__", None) or "2"
    return str(version).split(".")[0] == "3"
