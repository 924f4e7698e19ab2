"""Which initial weights of anybody's model were drawn at random, and which are what a script says.

A control that shares initial weights stands for a random stream. What no stream made is part of the
model: an LSTM's forget bias of 1, the bias that a script computes of its labels, a scale of ones,
and what a script loads.
"""

import functools
from typing import Any, Callable, Iterable, List

import numpy as np

from diptych_runner.frameworks.tensorflow import own_names

_NOTE = "_diptych_loaded"

#: A draw of so many fractions does not end in two values, as an identity does.
_LEAST = 4


def looks_drawn(value: np.ndarray) -> bool:
    """Return whether values of a weight are a matrix or a kernel's that were drawn.

    Biases and scales are kept as they are, drawn or not: nearly all are constants, and one that is
    drawn is seen to differ before the first step.

    >>> looks_drawn(np.eye(3)), looks_drawn(np.array([0.3, 0.7])), looks_drawn(np.ones((4, 2)))
    (False, False, False)
    >>> looks_drawn(np.array([[0.3, -0.7], [0.1, 0.2]])), looks_drawn(np.array([[0.3]]))
    (True, True)
    """
    if value.ndim < 2 or value.size == 0:
        return False
    if value.size == 1:
        return float(value.reshape(())) not in (0.0, 1.0)
    first = value.flat[0]
    others = value[value != first]
    if others.size == 0:
        return False
    return value.size < _LEAST or bool(np.any(others != others.flat[0]))


def listen(tf: Any) -> None:
    """Let every layer and model note that weights are loaded into it, from here on."""
    if not hasattr(tf, "keras"):
        return
    kinds = (tf.keras.layers.Layer, tf.keras.models.Model, tf.keras.models.Sequential)
    for made in {each for kind in kinds for each in kind.__mro__}:
        for name in ("set_weights", "load_weights"):
            own = vars(made).get(name)
            if callable(own) and not hasattr(own, _NOTE):
                setattr(made, name, _noting(own))


def loaded(layers: Iterable[Any]) -> List[str]:
    """Return the names of the layers that weights were loaded into."""
    return [str(layer.name) for layer in layers if _NOTE in vars(layer)]


def _noting(own: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(own)
    def noted(self: Any, *places: Any, **named: Any) -> Any:
        done = own(self, *places, **named)
        # Another model may be made of its layers.
        for each in [self] + own_names.all_layers(self):
            vars(each)[_NOTE] = True
        return done

    setattr(noted, _NOTE, True)
    return noted
