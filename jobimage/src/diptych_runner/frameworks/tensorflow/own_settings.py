"""What an optimizer and metrics of the user's own say of themselves."""

import math
import re
from typing import Any, Callable, Dict, List, Tuple

import numpy as np

from diptych_runner.contract import names, optimizers
from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import keras_settings, own_given, own_losses
from diptych_runner.frameworks.tensorflow.optimizers import keras, slots

#: Classes whose slots have names.
_KNOWN = frozenset(row.keras for row in optimizers.OPTIMIZERS.values())
#: Settings that a version tells only once they are on, or does not have: what off is.
_OFF = {
    "clipnorm": None,
    "clipvalue": None,
    "globalClipnorm": None,
    "weightDecay": None,
    "useEma": False,
    "amsgrad": False,
    "decay": 0.0,
}  # type: Dict[str, Any]
#: Of those, the ones that 0 is off for too.
_OFF_AT_0 = ("weightDecay", "decay")
#: What Keras in 1.x calls the metric that a script asks for as 'accuracy'.
_SHORT_ACCURACY = "acc"


def version_of(tf: Any) -> Tuple[int, int]:
    """Return major and minor of TensorFlow."""
    major, minor = tf.__version__.split(".")[:2]
    return int(major), int(minor)


def effective(optimizer: Any) -> Dict[str, Any]:
    """Return every setting of the optimizer's own configuration, by our spelling of names."""
    found = {"optimizer": "tf.keras.optimizers." + type(optimizer).__name__}  # type: Dict[str, Any]
    for name, value in keras.configuration(optimizer).items():
        if name in ("name", "dtype"):
            continue
        found[_spelled(name)] = _plain(value)
    for name, off in _OFF.items():
        found.setdefault(name, off)
    found.update((name, _OFF[name]) for name in _OFF_AT_0 if not found[name])
    return found


def pin(
    tf: Any,
    model: Any,
    baseline: Callable[[str], Dict[str, str]],
    own: Callable[[str], Dict[str, float]],
) -> base.Pinned:
    """Set what the script left open of an optimizer to the baseline's defaults, in place.

    What it gave, or set afterwards, it chose itself: that stays, whatever the versions' defaults
    are. `own` tells what this version sets by itself.
    """
    optimizer = model.optimizer
    wanted, now = baseline(keras.MODULE + type(optimizer).__name__), effective(optimizer)
    known = [key for key in keras.ARGUMENTS if key in now or key in wanted]
    given = own_given.arguments(optimizer)
    if given is None:
        # Of a class of the script's own, or a whole configuration, nobody knows what it left open.
        return base.Pinned({}, sorted(known), {})
    left_open = [key for key in known if not given.intersection(keras.ARGUMENTS[key])]
    defaults = {
        key: value for key, value in own(type(optimizer).__name__).items() if key in left_open
    }
    chosen = {key for key, value in defaults.items() if now.get(key) != value}
    pinned = {key: wanted[key] for key in left_open if key in wanted and key in defaults}
    for key in chosen:
        pinned.pop(key, None)
    for key, value in pinned.items():
        if now[key] != base.as_set(float(value)):
            _set(tf, optimizer, key, float(value))
    not_pinned = sorted(set(left_open) - set(pinned) - chosen)
    return base.Pinned(pinned, not_pinned, defaults)


def _set(tf: Any, optimizer: Any, key: str, value: float) -> None:
    """Set a parameter of an optimizer that exists: callbacks may hold it."""
    (argument,) = [each for each in keras.ARGUMENTS[key] if each in keras.configuration(optimizer)]
    # Of an accumulator's first value TensorFlow's own classes keep the argument to themselves.
    held = argument if hasattr(optimizer, argument) else "_" + argument
    if hasattr(getattr(optimizer, held), "load"):
        # A variable of 1.x.
        tf.keras.backend.set_value(getattr(optimizer, held), value)
    else:
        setattr(optimizer, held, value)
    if effective(optimizer)[key] != base.as_set(value):
        raise own_losses.ModelUnknown(
            "run.keras: SharedParameters cannot set {} of {} to {}; give {} in the script".format(
                argument, type(optimizer).__name__, value, argument
            )
        )


def state(
    tf: Any, optimizer: Any, weights: List[Tuple[str, Any]], statistics: List[Tuple[str, Any]]
) -> Dict[str, Any]:
    """Return all that is known by name, by checkpoint key; slots of Keras's own classes alone."""
    kept = {names.WEIGHTS_PREFIX + name: variable for name, variable in weights}
    kept.update((names.STATISTICS_PREFIX + name, variable) for name, variable in statistics)
    if type(optimizer).__name__ in _KNOWN:
        kept.update(slots.state(tf, optimizer, weights))
    return kept


def results(metrics: List[Any]) -> Dict[str, Any]:
    """Return the results of metrics by name; those of Keras 3 hold others."""
    found = {}  # type: Dict[str, Any]
    for metric in metrics:
        result = metric.result()
        found.update(result if isinstance(result, dict) else {metric.name: result})
    return found


def metric_names(tf: Any, model: Any) -> List[str]:
    """Return the names of what evaluate returns, in its order."""
    found = []  # type: List[str]
    if keras_settings.is_keras_3(tf):
        # It calls all that was compiled one metric.
        for metric in model.metrics:
            inside = metric.metrics if hasattr(metric, "_user_metrics") else [metric]
            found.extend(each.name for each in inside)
    else:
        found.extend(model.metrics_names)
    return ["accuracy" if name == _SHORT_ACCURACY else name for name in found]


def metric_names_shown(model: Any) -> Dict[str, str]:
    """Return what Keras itself calls those of `metric_names` that it calls otherwise."""
    is_short = _SHORT_ACCURACY in model.metrics_names
    return {"accuracy": _SHORT_ACCURACY} if is_short else {}


def _spelled(name: str) -> str:
    """Return a setting's name as a plan spells it.

    >>> _spelled("beta_1"), _spelled("lr"), _spelled("initial_accumulator_value")
    ('beta1', 'learningRate', 'initialAccumulator')
    """
    for ours, arguments in keras.ARGUMENTS.items():
        if name in arguments:
            return ours
    return re.sub(r"_([a-z0-9])", lambda match: match.group(1).upper(), name)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, which knows no number that is not finite.

    >>> _plain(np.float32(0.5)), _plain(float("inf")), _plain(None)
    (0.5, 'inf', None)
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (float, np.floating)):
        return base.as_set(float(value)) if math.isfinite(value) else str(float(value))
    if isinstance(value, dict) and isinstance(value.get("config"), dict):
        return _schedule(value)
    return str(value)


def _schedule(serialized: Dict[str, Any]) -> str:
    """Return a learning rate's schedule as a call; each Keras serializes it in its own way.

    >>> _schedule({"class_name": "Cosine", "config": {"decay_steps": 9, "name": None}})
    'Cosine(decay_steps=9)'
    """
    settings = {
        name: _plain(value) for name, value in serialized["config"].items() if name != "name"
    }
    told = ["{}={}".format(name, settings[name]) for name in sorted(settings)]
    return "{}({})".format(serialized["class_name"], ", ".join(told))
