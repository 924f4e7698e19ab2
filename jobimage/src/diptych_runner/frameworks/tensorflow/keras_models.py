"""Keras classifiers of the built-in workloads, for graphs and for tf.function alike.

Under a control that shares masks a model has a second input in the place of its dropout, and is
otherwise the one that a user of any version writes.
"""

from typing import Any, Iterator, List, NamedTuple, Tuple, Union

import numpy as np

from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import keras_cnn, keras_mlp

Classifier = Union[base.Mlp, base.Cnn]

#: A model and its variables by our names, in the model's order: those that are trained, and those
#: that follow the batches (moving means).
Built = NamedTuple(
    "Built",
    [
        ("model", Any),
        ("weights", List[Tuple[str, Any]]),
        ("statistics", List[Tuple[str, Any]]),
    ],
)

#: Examples that are predicted at once.
ROWS_AT_ONCE = 1024

_TRAINED = ("kernel", "gamma", "beta", "bias")
_STATISTICS = ("moving_mean", "moving_variance")


def build(tf: Any, problem: Classifier, *, given_masks: bool) -> Built:
    """Return the model of a problem."""
    if isinstance(problem, base.Mlp):
        model, layers = keras_mlp.model(tf, problem, given_masks=given_masks)
    else:
        model, layers = keras_cnn.model(tf, problem, given_masks=given_masks)
    return Built(model, _named(layers, _TRAINED), _named(layers, _STATISTICS))


def mask_units(problem: Classifier) -> int:
    """Return the width of the one mask that a model with masks takes."""
    (layer,) = base.random_layers(problem)
    return layer.units


def undropped(problem: Classifier, inputs: np.ndarray, *, given_masks: bool) -> List[np.ndarray]:
    """Return what a model takes to predict: with masks, one that drops nothing."""
    if not given_masks:
        return [inputs]
    return [inputs, np.ones((len(inputs), mask_units(problem)), dtype=np.float32)]


def in_pieces(fed: List[np.ndarray]) -> Iterator[List[np.ndarray]]:
    """Yield what a model takes in pieces, so that a large test set fits into memory."""
    for first in range(0, len(fed[0]), ROWS_AT_ONCE):
        yield [each[first : first + ROWS_AT_ONCE] for each in fed]


def joined(fed: List[Any]) -> Any:
    """Return the one input of a model that has no other, else the list of them."""
    return fed[0] if len(fed) == 1 else fed


def _named(layers: List[Tuple[str, Any]], parts: Tuple[str, ...]) -> List[Tuple[str, Any]]:
    return [
        ("{}/{}".format(name, part), getattr(layer, part))
        for name, layer in layers
        for part in parts
        if getattr(layer, part, None) is not None
    ]
