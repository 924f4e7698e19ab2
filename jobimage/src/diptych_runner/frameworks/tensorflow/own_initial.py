"""Which initial weights of anybody's model were drawn at random, and which are what a script says.

A control that shares initial weights stands for a random stream. What no stream made is part of the
model: an LSTM's forget bias of 1, the bias that a script computes of its labels, a matrix that it
gives, and what it loads or trained before. So of each variable it is asked whether its initializer
draws, and whether it holds what that gave still.
"""

import functools
import inspect
import re
from typing import Any, Callable, List, Optional

import numpy as np

from diptych_runner.contract import hashing

#: Of a variable: what its initializer gave, and whether that is known to draw.
_NOTE = "_diptych_initial"

#: Classes of initializers, and what Keras calls them; those of a name make more of their kind.
_DRAWING = frozenset(
    ("Orthogonal", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling")
)
_CONSTANT = frozenset(("Constant", "Identity", "Ones", "Zeros"))
_NAMES = re.compile(r"(glorot|he|lecun|random|truncated)_?(normal|uniform)|normal|uniform", re.I)

#: A draw of so many fractions does not end in two values, as an identity does.
_LEAST = 4


def looks_drawn(value: np.ndarray) -> bool:
    """Return whether values of a weight are a matrix or a kernel's that were drawn.

    It is asked where an initializer is a function or a class of the script's own. Vectors are
    constants then.

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
    """Let every layer of TensorFlow 2.x note how its variables begin, from here on."""
    kind = tf.keras.layers.Layer
    for made in kind.__mro__:
        own = vars(made).get("add_weight")
        if callable(own) and not hasattr(own, _NOTE):
            made.add_weight = _noting(tf, own)
    # Keras 3 trains no other variables.
    own = vars(kind).get("__setattr__")
    if own is not None and not hasattr(own, _NOTE):
        kind.__setattr__ = _noting_variables(tf, own)


def are_drawn(variables: List[Any]) -> List[bool]:
    """Return of variables of 2.x whether each was drawn, and holds that still."""
    return [_is_drawn(variable) for variable in variables]


def are_drawn_in_graph(tf: Any, variables: List[Any], session: Any) -> List[bool]:
    """Return the same of a graph of 1.x.

    Its operations are there still: what draws gives something else the next time, and another
    session begins the graph's seeded streams anew.
    """
    if not variables:
        return []
    values = session.run(variables)
    with tf.Session(graph=variables[0].graph) as another:
        return [
            _is_drawn_in_graph(tf, variable, value, another)
            for variable, value in zip(variables, values)
        ]


def _is_drawn(variable: Any) -> bool:
    note = getattr(variable, _NOTE, None)
    if note is None:
        return False
    given, draws = note
    value = np.asarray(variable.numpy())
    return given == _sha256(value) and (draws or looks_drawn(value))


def _is_drawn_in_graph(tf: Any, variable: Any, value: Any, another: Any) -> bool:
    try:
        first, second = (another.run(variable.initial_value) for _ in range(2))
    except tf.errors.OpError:
        # Computed from another variable.
        return False
    # Where the script's own graph has no seed nobody knows whether it holds a draw still.
    return bool(np.array_equal(first, value)) and not np.array_equal(first, second)


def _noting(tf: Any, own: Callable[..., Any]) -> Callable[..., Any]:
    places = list(inspect.signature(own).parameters)[1:]

    @functools.wraps(own)
    def noted(self: Any, *given: Any, **named: Any) -> Any:
        asked = dict(zip(places, given), **named)
        # What a checkpoint waits to give stands in the place of what the initializer gives.
        is_restored = asked.get("name") in (getattr(self, "_deferred_dependencies", None) or ())
        variable = own(self, *given, **named)
        draws = False if is_restored else _draws(asked.get("initializer"))
        _note(tf, variable, draws=draws)
        return variable

    setattr(noted, _NOTE, True)
    return noted


def _noting_variables(tf: Any, own: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(own)
    def noted(self: Any, name: str, value: Any) -> None:
        own(self, name, value)
        # One that a layer makes without add_weight.
        if isinstance(value, tf.Variable) and not hasattr(value, _NOTE) and tf.executing_eagerly():
            _note(tf, value, draws=None)

    setattr(noted, _NOTE, True)
    return noted


def _draws(initializer: Any) -> Optional[bool]:
    """Return whether an initializer draws; None: it is of a kind that nobody knows.

    None is made of a name: that would take a number from Python's generator.

    >>> _draws("he_normal"), _draws("GlorotUniform"), _draws("zeros"), _draws(lambda shape: 0)
    (True, True, False, None)
    """
    if initializer is None:
        # Of fractions; others begin with zeros.
        return True
    if isinstance(initializer, dict):
        initializer = str(initializer.get("class_name")).split(">")[-1]
    if isinstance(initializer, str):
        if _NAMES.match(initializer):
            return True
        kinds = {"".join(each.capitalize() for each in initializer.split("_")), initializer}
    else:
        kind = initializer if inspect.isclass(initializer) else type(initializer)
        kinds = {each.__name__ for each in inspect.getmro(kind)}
    if kinds & _DRAWING:
        return True
    return False if kinds & _CONSTANT else None


def _note(tf: Any, variable: Any, *, draws: Optional[bool]) -> None:
    def note() -> None:
        with tf.init_scope():
            given = None if draws is False else _sha256(np.asarray(variable.numpy()))
        setattr(variable, _NOTE, (given, draws is True))

    if getattr(variable, "_value", variable) is not None:
        note()
        return
    # Keras 3 gives a variable of a layer inside another one its value later.
    begin = variable._deferred_initialize

    def begun() -> None:
        del variable._deferred_initialize
        begin()
        note()

    variable._deferred_initialize = begun


def _sha256(value: np.ndarray) -> str:
    return hashing.sha256_of_bytes(value.tobytes())
