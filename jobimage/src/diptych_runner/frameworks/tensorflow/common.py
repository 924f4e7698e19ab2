"""What the adapters of TensorFlow 1.x and 2.x have in common."""

from typing import Any, Callable, Dict, List, Optional, Tuple

import numpy as np

from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import (
    own_given,
    own_initial,
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
        """Listen to what the code gives to its optimizers, and loads into its models."""
        own_given.listen(self._tf)
        own_initial.listen(self._tf)

    def built_weights(self, model: Any) -> Optional[List[Tuple[str, base.Shape]]]:
        """Return names and shapes once every variable is there."""
        return own_names.shapes(own_names.trainable(model)) if model.built else None

    def drawn_weights(self, model: Any) -> List[Tuple[str, base.Shape]]:
        """Return what looks drawn, by its values: a version does not tell how it made them."""
        return own_names.shapes(self._drawn(model))

    def loaded_layers(self, model: Any) -> List[str]:
        """Return names of the model itself and of layers in it that train what looks drawn."""
        drawn = {id(variable) for _, variable in self._drawn(model)}
        return own_initial.loaded(
            layer
            for layer in [model] + own_names.all_layers(model)
            # What is frozen is not replaced.
            if any(id(each) in drawn for each in getattr(layer, "trainable_weights", []))
        )

    def _drawn(self, model: Any) -> List[Tuple[str, Any]]:
        weights = own_names.trainable(model)
        values = self.values_of([variable for _, variable in weights])
        return [named for named, value in zip(weights, values) if own_initial.looks_drawn(value)]

    def values_of(self, variables: List[Any]) -> List[np.ndarray]:
        """Return what variables hold."""
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
