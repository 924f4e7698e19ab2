"""Names for the variables of anybody's Keras model, the same in every version.

Keras numbers the layers it names by what else the process has made, and spells a variable's own
name in three ways. A layer that the user named keeps that name; another one is named by its class
and its place among those of its class.
"""

import re
from collections import OrderedDict
from typing import Any, Dict, Iterator, List, Set, Tuple

import numpy as np

from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import own_compiled

_AUTOMATIC = re.compile(r"\A(?P<base>.+?)(_\d+)?\Z")


def layers_of(model: Any) -> List[Any]:
    """Return the layers of a model, those of models inside it too."""
    found = []
    for layer in model.layers:
        found.extend(layers_of(layer) if hasattr(layer, "layers") else [layer])
    return found


def all_layers(model: Any) -> List[Any]:
    """Return every layer of a model, those inside other layers too, each once."""
    flatten = getattr(model, "_flatten_layers", None)
    found = flatten() if flatten is not None else _inside(model)
    layers = [each for each in found if hasattr(each, "call") and each is not model]
    return list(OrderedDict((id(layer), layer) for layer in layers).values())


def trainable(model: Any) -> List[Tuple[str, Any]]:
    """Return the variables that fit trains by name, in the model's order."""
    return _named(model, "trainable_weights")


def statistics(tf: Any, model: Any) -> List[Tuple[str, Any]]:
    """Return by name the fractions that a model keeps and does not train: moving means above all.

    A layer that is frozen has its weights here.
    """
    return [
        (name, variable)
        for name, variable in _named(model, "non_trainable_weights")
        if np.dtype(tf.as_dtype(variable.dtype).as_numpy_dtype).kind == "f"
    ]


def _named(model: Any, kind: str) -> List[Tuple[str, Any]]:
    """Return the variables that a model and its layers have under the attribute `kind`."""
    found = {}  # type: Dict[int, str]
    taken = set()  # type: Set[str]
    classes = {}  # type: Dict[str, int]
    with own_compiled.AsCompiled(model):
        for layer in layers_of(model):
            name = _name_of(layer, classes)
            for variable in getattr(layer, kind):
                found.setdefault(id(variable), _free("{}/{}".format(name, _own(variable)), taken))
        variables = list(getattr(model, kind))
    return [
        (found.get(id(variable)) or _free("model/" + _own(variable), taken), variable)
        for variable in variables
    ]


def _inside(layer: Any) -> Iterator[Any]:
    # Lists and dicts of layers count as layers here; they have no call.
    # Wrappers of 1.x keep theirs as `layer` alone.
    own = getattr(layer, "_layers", None) or getattr(layer, "layers", None)
    for each in own or [inner for inner in [getattr(layer, "layer", None)] if inner is not None]:
        yield each
        for inner in _inside(each):
            yield inner


def shapes(weights: List[Tuple[str, Any]]) -> List[Tuple[str, base.Shape]]:
    """Return names and static shapes."""
    return [(name, tuple(int(axis) for axis in variable.shape)) for name, variable in weights]


def _name_of(layer: Any, classes: Dict[str, int]) -> str:
    kind = _snake(type(layer).__name__)
    place = classes.get(kind, 0)
    classes[kind] = place + 1
    match = _AUTOMATIC.match(layer.name)
    if match is not None and match.group("base") == kind:
        return "{}_{}".format(kind, place)
    return str(layer.name).replace("/", "_")


def _snake(name: str) -> str:
    """Return a class's name as Keras makes a layer's of it.

    >>> _snake("BatchNormalization"), _snake("Conv2D"), _snake("LSTM")
    ('batch_normalization', 'conv2d', 'lstm')
    """
    spaced = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()


def _own(variable: Any) -> str:
    """Return a variable's own name: the last part of what the version calls it."""
    return str(variable.name).split(":")[0].split("/")[-1]


def _free(name: str, taken: Set[str]) -> str:
    """Return the name, numbered where another variable has it."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = "{}_{}".format(name, number)
    taken.add(free)
    return free
