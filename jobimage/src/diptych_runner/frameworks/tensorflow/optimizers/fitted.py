"""An optimizer of tf.keras in 2.x, used as fit uses it."""

from typing import Any, List

from diptych_runner.frameworks.tensorflow import keras_settings, own_losses

#: What fit calls from 2.4 on, up to Keras 3, where code here computes gradients by itself.
_MINIMIZING = (
    "minimize",
    "compute_gradients",
    "_compute_gradients",
    "_get_gradients",
    "_transform_loss",
)


def update(tf: Any, optimizer: Any, gradients: List[Any], variables: List[Any]) -> None:
    """Update the variables; fit of 2.2 and 2.3 clips gradients itself, later optimizers do."""
    if tf.__version__.startswith(("2.2.", "2.3.")):
        gradients = optimizer._clip_gradients(gradients)
    optimizer.apply_gradients(list(zip(gradients, variables)))


def refuse_unknown(tf: Any, optimizer: Any) -> None:
    """Raise ModelUnknown for an optimizer that fit would ask for more than `update` does."""
    if getattr(optimizer, "loss_scale_factor", None):
        raise own_losses.ModelUnknown(
            "run.keras: a scaled loss (loss_scale_factor) is not supported; leave it out, or write "
            "the loop with run.batches and run.log"
        )
    # Keras 3, and fit up to 2.3, ask for updates by given gradients alone.
    if keras_settings.is_keras_3(tf) or tf.__version__.startswith(("2.0.", "2.1.", "2.2.", "2.3.")):
        return
    for name in _MINIMIZING:
        own = getattr(type(optimizer), name, None)
        if own is not None and not own_losses.is_kerass_own(own):
            raise own_losses.ModelUnknown(
                "run.keras: the optimizer ({}) has a {} of its own, which is not asked here; let "
                "it change gradients in apply_gradients, or write the loop with run.batches and "
                "run.log".format(type(optimizer).__name__, name)
            )
