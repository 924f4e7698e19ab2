"""tf.train's optimizers of TensorFlow 1.x by one set of argument names, and what they hold."""

import inspect
from typing import Any, Dict, List, Tuple

from diptych_runner.contract import names, optimizers
from diptych_runner.frameworks import base

MODULE = "tf.train."

#: Our parameters: the argument, and the attributes of which one keeps it.
_ARGUMENTS = {
    "learningRate": ("learning_rate", ("_lr", "_learning_rate")),
    "beta1": ("beta1", ("_beta1",)),
    "beta2": ("beta2", ("_beta2",)),
    "epsilon": ("epsilon", ("_epsilon",)),
    "initialAccumulator": ("initial_accumulator_value", ("_initial_accumulator_value",)),
    "momentum": ("momentum", ("_momentum",)),
    "rho": ("rho", ("_rho",)),
}
#: RMSProp calls its decay rate so; no other class of ours has such an argument.
_RMSPROP_DECAY = ("decay", ("_decay",))

#: Slots that tf.keras names otherwise, by class.
_SLOTS = {
    "AdadeltaOptimizer": {"accum": "accum_grad", "accum_update": "accum_var"},
    "FtrlOptimizer": {"accum": "accumulator"},
}


def serves(tf: Any, optimizer: str) -> bool:
    """Return whether this version has the optimizer in tf.train."""
    name = optimizers.OPTIMIZERS[optimizer].train
    return name is not None and hasattr(tf.train, name)


def make(tf: Any, optimizer: base.Optimizer) -> Any:
    """Return the optimizer, leaving out what the plan leaves to the version.

    Raises Unsupported when its class lacks a parameter that was asked for.
    """
    name = optimizers.OPTIMIZERS[optimizer.name].train or ""
    made = getattr(tf.train, name)
    known = inspect.signature(made.__init__).parameters
    given = {}
    for ours, value in sorted(dict(optimizer.pinned, **optimizer.given).items()):
        argument = _names_of(made, ours)[0]
        if argument in known:
            given[argument] = value
        elif ours in optimizer.given:
            raise base.Unsupported(
                "{}{} of TensorFlow {} has no {}".format(MODULE, name, tf.__version__, ours)
            )
    return made(**given)


def required(tf: Any, optimizer: str) -> List[str]:
    """Return the parameters, by our names, that its class has no default for."""
    row = optimizers.OPTIMIZERS[optimizer]
    made = getattr(tf.train, row.train or "")
    known = inspect.signature(made.__init__).parameters
    arguments = {ours: _names_of(made, ours)[0] for ours in row.parameters}
    return [
        ours
        for ours, argument in sorted(arguments.items())
        if argument in known and known[argument].default is inspect.Parameter.empty
    ]


def effective(made: Any) -> Dict[str, Any]:
    """Return what the optimizer holds."""
    reported = {"optimizer": MODULE + type(made).__name__}  # type: Dict[str, Any]
    for ours in _ARGUMENTS:
        for attribute in _names_of(type(made), ours)[1]:
            if hasattr(made, attribute):
                reported[ours] = base.as_set(getattr(made, attribute))
                break
    return reported


def state(made: Any, weights: List[Tuple[str, Any]]) -> Dict[str, Any]:
    """Return every slot, and the powers of beta that Adam keeps as variables, by their keys."""
    renamed = _SLOTS.get(type(made).__name__, {})
    found = {}
    for name, variable in weights:
        for slot in made.get_slot_names():
            key = "{}{}/{}".format(names.SLOTS_PREFIX, name, renamed.get(slot, slot))
            found[key] = made.get_slot(variable, slot)
    if hasattr(made, "_beta1"):
        first, second = _beta_powers(made)
        found[names.OPTIMIZER_PREFIX + "beta1_power"] = first
        found[names.OPTIMIZER_PREFIX + "beta2_power"] = second
    return found


def _names_of(made: Any, ours: str) -> Tuple[str, Tuple[str, ...]]:
    if ours == "rho" and made.__name__ == "RMSPropOptimizer":
        return _RMSPROP_DECAY
    return _ARGUMENTS[ours]


def _beta_powers(adam: Any) -> Tuple[Any, Any]:
    if hasattr(adam, "_get_beta_accumulators"):
        first, second = adam._get_beta_accumulators()
        return first, second
    return adam._beta1_power, adam._beta2_power
