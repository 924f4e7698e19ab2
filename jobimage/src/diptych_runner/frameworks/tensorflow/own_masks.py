"""Masks given to the dropout layers of anybody's Keras model.

While a step is built with masks, each call of a dropout layer takes the next one; outside of it a
layer is what it was. Other layers that draw at random cannot be given what they draw.
"""

from typing import (  # noqa: F401 - in type comments
    Any,
    Callable,
    Dict,
    List,
    Optional,
    Sequence,
    Tuple,
)

import numpy as np

from diptych_runner.frameworks import base

_DROPOUTS = ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D")
_RANDOM = ("AlphaDropout", "GaussianDropout", "GaussianNoise")


class MasksMissing(ValueError):
    """A layer draws random numbers that no mask can stand for."""


class Dropouts(object):
    """The dropout layers of one model."""

    def __init__(self, tf: Any, layers: Sequence[Any]) -> None:
        """Take the model's layers; raise MasksMissing when one draws otherwise."""
        for layer in layers:
            _refuse(layer)
        self._tf = tf
        self._pending = None  # type: Optional[List[Any]]
        self._calls = []  # type: List[Tuple[Any, base.Shape]]
        for layer in layers:
            if type(layer).__name__ in _DROPOUTS and float(layer.rate) > 0:
                self._replace(layer)

    def measure(self, call_model: Callable[[], Any]) -> List[Tuple[Any, base.Shape]]:
        """Call the model once, without masks; return each dropout's layer and mask shape."""
        self._calls = []
        call_model()
        return self._calls

    def give(self, masks: Sequence[Any]) -> None:
        """Give the masks to the calls that follow, in their order, until `take_back`."""
        self._pending = list(masks)

    def take_back(self) -> None:
        """Let the layers be what they were."""
        self._pending = None

    def _replace(self, layer: Any) -> None:
        own, tf = layer.call, self._tf

        def call(inputs: Any, training: Any = None) -> Any:
            if self._pending is None:
                self._calls.append((layer, mask_shape(layer, inputs)))
                return own(inputs, training=training)
            mask = self._pending.pop(0)
            return inputs * (mask if mask.dtype == inputs.dtype else tf.cast(mask, inputs.dtype))

        # 1.4 asks for its arguments by a call that refuses annotations.
        call.__annotations__ = {}
        autograph = getattr(tf, "autograph", None)
        # Python's own lists and conditions: they are about the building of the step.
        layer.call = call if autograph is None else autograph.experimental.do_not_convert(call)


def named(calls: List[Tuple[Any, base.Shape]]) -> List[base.RandomLayer]:
    """Return one random layer for each call, numbered in their order."""
    return [
        base.RandomLayer(
            "dropout_{}".format(place), int(np.prod(shape, dtype=np.int64)), float(layer.rate)
        )
        for place, (layer, shape) in enumerate(calls)
    ]


def mask_shape(layer: Any, inputs: Any) -> base.Shape:
    """Return the shape of one example's mask: that of the input, or what is dropped together."""
    shape = tuple(None if axis is None else int(axis) for axis in list(inputs.shape)[1:])
    noise = getattr(layer, "noise_shape", None)
    if type(layer).__name__ != "Dropout":
        shape = tuple(1 for _ in shape[1:]) + shape[-1:]
    elif noise is not None:
        if len(noise) != len(shape) + 1 or noise[0] == 1:
            raise MasksMissing(
                "layer {}: SharedMasks knows no noise_shape {}".format(layer.name, noise)
            )
        shape = tuple(own if each is None else each for own, each in zip(shape, noise[1:]))
    known = tuple(axis for axis in shape if axis is not None)
    if len(known) != len(shape):
        raise MasksMissing(
            "layer {}: SharedMasks needs inputs of a known shape, not {}".format(layer.name, shape)
        )
    return known


def _refuse(layer: Any) -> None:
    kind = type(layer).__name__
    settings = {}  # type: Dict[str, Any]
    for name in ("dropout", "recurrent_dropout"):
        settings[name] = getattr(layer, name, 0.0)
    drops = any(isinstance(value, float) and value > 0 for value in settings.values())
    if kind in _RANDOM or (kind.startswith("Random") and hasattr(layer, "seed")) or drops:
        raise MasksMissing(
            "layer {} ({}) draws random numbers that SharedMasks cannot give it; use Dropout, "
            "or leave SharedMasks and what follows it out".format(layer.name, kind)
        )
