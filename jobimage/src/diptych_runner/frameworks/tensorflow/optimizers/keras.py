"""tf.keras's optimizers by one set of argument names, and what they hold once made.

Up to 1.4 the learning rate is `lr`, later `learning_rate`; the rest kept its names.
"""

import inspect
from typing import Any, Dict

from diptych_runner.contract import optimizers
from diptych_runner.frameworks import base

MODULE = "tf.keras.optimizers."

#: Our parameters by the arguments that a class may call them.
ARGUMENTS = {
    "learningRate": ("learning_rate", "lr"),
    "beta1": ("beta_1",),
    "beta2": ("beta_2",),
    "epsilon": ("epsilon",),
    "initialAccumulator": ("initial_accumulator_value",),
    "momentum": ("momentum",),
    "rho": ("rho",),
}


def make(tf: Any, optimizer: base.Optimizer) -> Any:
    """Return the optimizer, leaving out what the plan leaves to the version.

    Raises Unsupported when this version lacks the class or a parameter that was asked for.
    """
    name = optimizers.OPTIMIZERS[optimizer.name].keras
    made = getattr(tf.keras.optimizers, name, None) if hasattr(tf, "keras") else None
    if made is None:
        raise base.Unsupported("TensorFlow {} has no {}{}".format(tf.__version__, MODULE, name))
    known = inspect.signature(made.__init__).parameters
    given = {}
    for ours, value in sorted(dict(optimizer.pinned, **optimizer.given).items()):
        arguments = [argument for argument in ARGUMENTS[ours] if argument in known]
        if arguments:
            given[arguments[0]] = value
        elif ours in optimizer.given:
            raise base.Unsupported(
                "{}{} of TensorFlow {} has no {}".format(MODULE, name, tf.__version__, ours)
            )
    return made(**given)


def configuration(made: Any) -> Dict[str, Any]:
    """Return what the optimizer tells of itself; a schedule that does not is told by its class."""
    schedule = _schedule_of(made)
    try:
        return dict(made.get_config())
    except NotImplementedError:
        if schedule is None:
            raise
    schedule.get_config = dict
    try:
        return dict(made.get_config())
    finally:
        del schedule.get_config


def another(made: Any, configured: Dict[str, Any]) -> Any:
    """Return another optimizer like one of Keras's own, of that one's configuration."""
    schedule = _schedule_of(made)
    if schedule is not None:
        # Keras finds no class of a script's own by its name.
        configured = dict(configured, learning_rate=schedule)
    return type(made).from_config(configured)


def _schedule_of(made: Any) -> Any:
    """Return the object that tells the learning rate of each step, or None."""
    hyper = getattr(made, "_hyper", None) or {}
    held = getattr(made, "_learning_rate", None) if not hyper else hyper.get("learning_rate")
    # Of all that a rate may be, schedules alone can be configured, and called with a step.
    return held if callable(held) and hasattr(held, "get_config") else None


def effective(made: Any) -> Dict[str, Any]:
    """Return the optimizer's parameters as its own configuration reports them."""
    settings = configuration(made)
    reported = {"optimizer": MODULE + type(made).__name__}  # type: Dict[str, Any]
    for ours, arguments in ARGUMENTS.items():
        for argument in arguments:
            if argument in settings:
                reported[ours] = base.as_set(settings[argument])
                break
    return reported
