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


def effective(made: Any) -> Dict[str, Any]:
    """Return the optimizer's parameters as its own configuration reports them."""
    settings = made.get_config()
    reported = {"optimizer": MODULE + type(made).__name__}  # type: Dict[str, Any]
    for ours, arguments in ARGUMENTS.items():
        for argument in arguments:
            if argument in settings:
                reported[ours] = base.as_set(settings[argument])
                break
    return reported
