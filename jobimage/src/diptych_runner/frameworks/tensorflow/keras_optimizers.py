"""tf.keras's optimizers by one set of argument names, and what they hold once made.

Up to 1.4 the learning rate is `lr`, later `learning_rate`; the rest kept its names.
"""

import inspect
from typing import Any, Dict

from diptych_runner.frameworks import base

_ARGUMENTS = {"beta1": "beta_1", "beta2": "beta_2", "epsilon": "epsilon"}


def make(tf: Any, optimizer: base.Optimizer) -> Any:
    """Return tf.keras's Adam or SGD, leaving out what the plan leaves to the version."""
    own = tf.keras.optimizers
    made = own.Adam if isinstance(optimizer, base.Adam) else own.SGD
    known = inspect.signature(made.__init__).parameters
    rate = "learning_rate" if "learning_rate" in known else "lr"
    names = dict(_ARGUMENTS, learning_rate=rate)
    given = {names[key]: value for key, value in optimizer._asdict().items() if value is not None}
    return made(**given)


def effective(made: Any) -> Dict[str, Any]:
    """Return the optimizer's parameters as its own configuration reports them."""
    settings = made.get_config()
    rate = settings["learning_rate"] if "learning_rate" in settings else settings["lr"]
    reported = {
        "optimizer": "tf.keras.optimizers." + type(made).__name__,
        "learningRate": base.as_set(rate),
    }
    for ours, theirs in _ARGUMENTS.items():
        if theirs in settings:
            reported[ours] = base.as_set(settings[theirs])
    return reported
