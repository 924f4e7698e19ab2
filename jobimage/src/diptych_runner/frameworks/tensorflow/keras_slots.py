"""tf.keras's Adam through its rewrites: slots and settings under one set of names.

Up to 2.10 the optimizer keeps slots by variable (`get_slot`); from 2.11 it keeps lists in the
order of the variables. Neither stores powers of beta: both raise beta to the number of updates.
"""

from typing import Any, Dict, List, Tuple

import numpy as np

from diptych_runner.contract import names
from diptych_runner.frameworks import base

_ARGUMENTS = {
    "learning_rate": "learning_rate",
    "beta1": "beta_1",
    "beta2": "beta_2",
    "epsilon": "epsilon",
}


def make(tf: Any, optimizer: base.Adam) -> Any:
    """Return tf.keras.optimizers.Adam, leaving out what the plan leaves to the version."""
    given = {
        _ARGUMENTS[key]: value for key, value in optimizer._asdict().items() if value is not None
    }
    return tf.keras.optimizers.Adam(**given)


def create_slots(adam: Any, variables: List[Any]) -> None:
    """Create the slots now, so that step 0 can be recorded before any update."""
    if hasattr(adam, "build"):
        adam.build(variables)
    elif hasattr(adam, "_create_all_weights"):
        adam._create_all_weights(variables)
    else:
        # 2.0 to 2.3: what apply_gradients does first, in its order.
        _ = adam.iterations
        adam._create_hypers()
        adam._create_slots(variables)


def slots(adam: Any, weights: List[Tuple[str, Any]]) -> Dict[str, np.ndarray]:
    """Return the first and second moments by checkpoint key."""
    found = {}
    for place, (name, variable) in enumerate(weights):
        if hasattr(adam, "get_slot"):
            first, second = adam.get_slot(variable, "m"), adam.get_slot(variable, "v")
        else:
            first, second = adam._momentums[place], adam._velocities[place]
        prefix = "{}{}/".format(names.SLOTS_PREFIX, name)
        found[prefix + "m"] = first.numpy()
        found[prefix + "v"] = second.numpy()
    return found


def beta_powers(tf: Any, adam: Any) -> Dict[str, np.ndarray]:
    """Return beta1 and beta2 to the power of the next update, by the optimizer's own formula."""
    settings = adam.get_config()
    next_update = tf.cast(adam.iterations + 1, tf.float32)
    return {
        names.OPTIMIZER_PREFIX
        + short: tf.pow(tf.cast(settings[key], tf.float32), next_update).numpy()
        for short, key in (("beta1_power", "beta_1"), ("beta2_power", "beta_2"))
    }


def effective(adam: Any) -> Dict[str, Any]:
    """Return the optimizer's parameters as its own configuration reports them."""
    settings = adam.get_config()
    return {
        "optimizer": "tf.keras.optimizers.Adam",
        "learningRate": base.as_set(settings["learning_rate"]),
        "beta1": base.as_set(settings["beta_1"]),
        "beta2": base.as_set(settings["beta_2"]),
        "epsilon": base.as_set(settings["epsilon"]),
    }
