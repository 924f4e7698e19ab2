"""The learning rate that a step takes, of anybody's optimizer, as a tensor of that step.

A schedule, a callback or a decay changes it with the step, and each Keras keeps it elsewhere. Read
within the step it costs next to nothing. What cannot be read is not told: no trial must end for it.
"""

from typing import Any, Tuple

from diptych_runner.frameworks.tensorflow import keras_settings


def eager(tf: Any, optimizer: Any) -> Any:
    """Return the rate while a step of TensorFlow 2.x is built, before its update; None: unknown."""
    try:
        if hasattr(optimizer, "_decayed_lr"):
            return optimizer._decayed_lr(tf.float32)
        held = getattr(optimizer, "_learning_rate", None)
        if held is None or keras_settings.is_keras_3(tf):
            held = optimizer.learning_rate
        # From 2.11 up to Keras 3 `learning_rate` is that of the last step where a schedule is.
        rate = held(optimizer.iterations) if callable(held) else held
        return tf.cast(tf.convert_to_tensor(rate), tf.float32)
    except Exception:  # noqa: BLE001 - a class of the script's own may be anything
        return None


def graph(tf: Any, optimizer: Any) -> Tuple[Any, bool]:
    """Return the rate in a graph of 1.x, None if unknown, and whether an update changes it.

    Then it must be read before that, and else with it.
    """
    try:
        moves = getattr(optimizer, "_initial_decay", getattr(optimizer, "initial_decay", 0.0)) > 0
        if hasattr(optimizer, "_decayed_lr"):
            moves = moves or callable(optimizer.learning_rate)
            rate = optimizer._decayed_lr(tf.float32)
        else:
            rate = optimizer.lr + 0.0
            if moves:
                rate /= 1.0 + optimizer.decay * tf.cast(optimizer.iterations, rate.dtype)
    except Exception:  # noqa: BLE001 - as above
        return None, False
    return rate, moves
