"""What the adapters of TensorFlow 1.x and 2.x have in common."""

from typing import Any, Callable, Dict, List, Optional, Tuple

from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import (
    own_given,
    own_names,
    own_settings,
)
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

    def begin_own_code(self) -> None:
        """Listen to what the code gives to its optimizers."""
        own_given.listen(self._tf)

    def built_weights(self, model: Any) -> Optional[List[Tuple[str, base.Shape]]]:
        """Return names and shapes once every variable is there."""
        return own_names.shapes(own_names.trainable(model)) if model.built else None

    def drawn_weights(self, model: Any) -> List[Tuple[str, base.Shape]]:
        """Ask each variable."""
        weights = own_names.trainable(model)
        drawn = self.are_drawn([variable for _, variable in weights])
        return own_names.shapes([named for named, is_drawn in zip(weights, drawn) if is_drawn])

    def are_drawn(self, variables: List[Any]) -> List[bool]:
        """Return of each variable whether it was drawn at random, and holds that still."""
        raise NotImplementedError

    def metric_names(self, model: Any) -> List[str]:
        """Return the loss and the compiled metrics."""
        return own_settings.metric_names(self._tf, model)

    def metric_names_shown(self, model: Any) -> Dict[str, str]:
        """Ask the model."""
        return own_settings.metric_names_shown(model)

    def class_defaults(self, kind: str) -> Dict[str, float]:
        """Return what a class of tf.keras.optimizers sets when nothing is given."""
        return own_defaults.of_keras_class(self._tf, kind)

    def pin_parameters(self, model: Any, defaults: Callable[[str], Dict[str, str]]) -> base.Pinned:
        """Set the optimizer where a default of the baseline is another one."""
        return own_settings.pin(self._tf, model, defaults, self.class_defaults)
