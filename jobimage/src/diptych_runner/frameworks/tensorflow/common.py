"""What the adapters of TensorFlow 1.x and 2.x have in common."""

from typing import Any, Callable, Dict, List, Optional, Tuple

from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import own_names, own_settings
from diptych_runner.frameworks.tensorflow.optimizers import defaults as own_defaults


class TensorFlow(base.Framework):
    """An imported TensorFlow."""

    name = "tensorflow"

    def __init__(self, tensorflow: Any) -> None:
        """Take the imported module."""
        self._tf = tensorflow
        self.version = tensorflow.__version__

    def optimizer_defaults(self) -> Dict[str, Dict[str, float]]:
        """Return the table's part of this version."""
        return own_defaults.table(self._tf)

    def built_weights(self, model: Any) -> Optional[List[Tuple[str, base.Shape]]]:
        """Return names and shapes once every variable is there."""
        return own_names.shapes(own_names.trainable(model)) if model.built else None

    def metric_names(self, model: Any) -> List[str]:
        """Return the loss and the compiled metrics."""
        return own_settings.metric_names(self._tf, model)

    def metric_names_shown(self, model: Any) -> Dict[str, str]:
        """Ask the model."""
        return own_settings.metric_names_shown(model)

    def pin_parameters(
        self, model: Any, defaults: Callable[[str], Dict[str, str]]
    ) -> Tuple[Dict[str, str], List[str]]:
        """Make the optimizer anew where a default of the baseline is another one."""
        return own_settings.pin(self._tf, model, defaults)
