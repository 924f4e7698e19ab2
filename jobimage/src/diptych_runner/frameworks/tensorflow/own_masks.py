"""Masks given to the dropout layers of anybody's Keras model.

While a step is built with masks, each call of a dropout layer takes the next one; outside of it a
layer is what it was. Other layers that draw at random cannot be given what they draw: those that
are known are refused by their class, and the rest by what the step's graph holds (`own_draws`).
"""

import contextlib
from typing import (  # noqa: F401 - in type comments
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    Optional,
    Sequence,
    Tuple,
)

import numpy as np

from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import own_draws, own_losses

_DROPOUTS = ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D")
_RANDOM = ("AlphaDropout", "GaussianDropout", "GaussianNoise")
#: What makes a layer's outputs of its inputs, and the shape of its mask.
_CALLED = ("__call__", "call", "_get_noise_shape")


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
        self._layers = [layer for layer in layers if _dropout_of(layer) is not None]

    def measure(self, call_model: Callable[[], Any]) -> List[Tuple[Any, base.Shape]]:
        """Call the model once, without masks; return each dropout's layer and mask shape."""
        self._calls = []
        with self._replaced():
            call_model()
        return self._calls

    @contextlib.contextmanager
    def given(self, masks: Sequence[Any]) -> Iterator[None]:
        """Give the masks to the calls within, in their order.

        Raise MasksMissing when one was not taken.
        """
        self._pending = list(masks)
        try:
            with self._replaced():
                yield
        finally:
            left, self._pending = self._pending, None
        if left:
            raise MasksMissing(
                "SharedMasks: the model calls its dropout layers {} times fewer while it trains "
                "than when it is built; call each as often in both, or leave SharedMasks and what "
                "follows it out".format(len(left))
            )

    @contextlib.contextmanager
    def _replaced(self) -> Iterator[None]:
        """Let each layer's calls take a mask; without it a model could not be saved."""
        before = [(layer, vars(layer).get("call")) for layer in self._layers]
        try:
            for layer in self._layers:
                layer.call = self._taking(layer)
            yield
        finally:
            for layer, own in before:
                # Of a class's own method nothing stands in the layer itself.
                if own is not None:
                    layer.call = own
                elif "call" in vars(layer):
                    del layer.call

    def _taking(self, layer: Any) -> Callable[..., Any]:
        """Return a layer's call that takes the next mask, or notes that there was one."""
        own, tf, drops = layer.call, self._tf, float(layer.rate) > 0

        def call(inputs: Any, training: Any = None) -> Any:
            if not drops:
                # Some versions draw, and keep everything.
                return own(inputs, training=False)
            if self._pending is None:
                self._calls.append((layer, mask_shape(layer, inputs)))
                return own(inputs, training=training)
            if not self._pending:
                raise MasksMissing(
                    "layer {}: SharedMasks has no mask for it: the model calls it more often while "
                    "it trains than when it is built; call it as often in both, or leave "
                    "SharedMasks and what follows it out".format(layer.name)
                )
            mask = self._pending.pop(0)
            if training is False:
                # The script says of this one call that it never drops.
                return own(inputs, training=training)
            return inputs * (mask if mask.dtype == inputs.dtype else tf.cast(mask, inputs.dtype))

        # 1.4 asks for its arguments by a call that refuses annotations.
        call.__annotations__ = {}
        autograph = getattr(tf, "autograph", None)
        # Python's own lists and conditions: they are about the building of the step.
        return call if autograph is None else autograph.experimental.do_not_convert(call)


def refuse_eager(model: Any) -> None:
    """Raise MasksMissing for a model whose step is no graph: nobody sees what it draws."""
    if getattr(model, "run_eagerly", False):
        raise MasksMissing(
            "SharedMasks looks through the graph of a step, and with run_eagerly there is none; "
            "compile the model without it, or leave SharedMasks and what follows it out"
        )


def refuse_draws(draws: Sequence[own_draws.Draw]) -> None:
    """Raise MasksMissing when a step that has its masks draws random numbers besides."""
    if draws:
        name, kind = draws[0]
        raise MasksMissing(
            "SharedMasks cannot give its random numbers to the operation {} ({}{}){}; drop by "
            "tf.keras.layers.Dropout, write the loop with run.mask, or leave SharedMasks and what "
            "follows it out".format(
                name,
                kind,
                ", Python that may draw some" if kind in own_draws.PYTHON else "",
                " and {} more".format(len(draws) - 1) if draws[1:] else "",
            )
        )


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
    if _dropout_of(layer) != "Dropout":
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


def _dropout_of(layer: Any) -> Optional[str]:
    """Return the dropout class of Keras's own that a layer is of, or inherits from, by its name."""
    found = _kerass_own(layer, lambda name: name in _DROPOUTS)
    return None if found is None else found.__name__


def _kerass_own(layer: Any, is_meant: Callable[[str], bool]) -> Any:
    """Return the first class of Keras among those that a layer is of whose name is meant."""
    for each in type(layer).__mro__:
        if is_meant(each.__name__) and own_losses.is_kerass_own(each):
            return each
    return None


def _refuse(layer: Any) -> None:
    kind = type(layer).__name__
    settings = {}  # type: Dict[str, Any]
    # In a layer of the user's own they are numbers; what it draws the graph of the step tells.
    if own_losses.is_kerass_own(type(layer)):
        for name in ("dropout", "recurrent_dropout"):
            settings[name] = getattr(layer, name, 0.0)
    drops = any(isinstance(value, float) and value > 0 for value in settings.values())
    random = _kerass_own(layer, lambda name: name in _RANDOM) is not None
    if random or (kind.startswith("Random") and hasattr(layer, "seed")) or drops:
        raise MasksMissing(
            "layer {} ({}) draws random numbers that SharedMasks cannot give it; use Dropout, "
            "or leave SharedMasks and what follows it out".format(layer.name, kind)
        )
    changed = [] if _dropout_of(layer) is None else _changed(type(layer))
    if changed:
        raise MasksMissing(
            "layer {} ({}) is a Dropout with a {} of its own, which SharedMasks cannot give a "
            "mask; use tf.keras.layers.Dropout itself, or leave SharedMasks and what follows it "
            "out".format(layer.name, kind, changed[0])
        )


def _changed(kind: Any) -> List[str]:
    """Return what a class that is not Keras's own changes of how a layer is called."""
    found = []
    for name in _CALLED:
        makers = [each for each in kind.__mro__ if name in vars(each)]
        if makers and not own_losses.is_kerass_own(makers[0]):
            found.append(name)
    return found
