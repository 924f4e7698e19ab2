"""What of a model is trained: what was trainable when it was compiled, as fit of Keras 2 has it.

Scripts freeze a part after compile, a GAN's discriminator for one, and Keras 2 trains on as
compiled. Keras 3 goes by what is trainable when its step is built, as the code here does by itself.
"""

from typing import Any

from diptych_runner.frameworks.tensorflow import own_losses

#: The weights that a Keras trains, as it collected them at compile.
_COLLECTED = "_collected_trainable_weights"


class AsCompiled(object):
    """While it is entered, layers are trainable as they were when the model was compiled."""

    def __init__(self, model: Any) -> None:
        """Take a model; nothing happens to one of a Keras that does not keep what was trainable."""
        self._model = model
        self._before = None  # type: Any

    def __enter__(self) -> None:
        """Set the layers back where any is trainable that was not, or is not any more."""
        compiled = _kept(self._model)
        now = self._model._get_trainable_state() if compiled else {}
        if any(now.get(layer, trainable) != trainable for layer, trainable in compiled.items()):
            self._before = now
            self._model._set_trainable_state(compiled)

    def __exit__(self, *_error: Any) -> None:
        """Leave the layers as the script has them."""
        if self._before is not None:
            self._model._set_trainable_state(self._before)
            self._before = None


def refuse_changed(model: Any) -> None:
    """Raise ModelUnknown where a Keras keeps which weights it trains, and nothing of layers."""
    # A Sequential of 1.4 compiles a model inside it.
    inside = model if hasattr(model, _COLLECTED) else getattr(model, "model", None)
    compiled = getattr(inside, _COLLECTED, None)
    if compiled is None or _kept(model):
        return
    now = model.trainable_weights
    if {id(weight) for weight in now} != {id(weight) for weight in compiled}:
        raise own_losses.ModelUnknown(
            "run.keras: what of the model is trainable changed after compile, and fit of this "
            "version trains as compiled; compile the model anew after the change"
        )


def _kept(model: Any) -> Any:
    """Return by layer whether it was trainable at compile; nothing where fit asks layers anew."""
    # Keras 3 keeps it too, but only to warn.
    if not hasattr(model, "_set_trainable_state"):
        return {}
    return getattr(model, "_compiled_trainable_state", None) or {}
