"""What tf.keras's Adam keeps beside the weights, through its rewrites, under one set of names.

Up to 2.10 the optimizer keeps slots by variable (`get_slot`); from 2.11 it keeps lists in the
order of the variables, and so does Keras 3. None stores powers of beta: each raises beta to the
number of updates. SGD without momentum uses nothing that it may keep, so nothing is recorded.
"""

from typing import Any, Dict, List, Tuple

import numpy as np

from diptych_runner.contract import names


def create(made: Any, variables: List[Any]) -> None:
    """Create the slots now, so that step 0 can be recorded before any update."""
    if hasattr(made, "build"):
        made.build(variables)
    elif hasattr(made, "_create_all_weights"):
        made._create_all_weights(variables)
    else:
        # 2.0 to 2.3: what apply_gradients does first, in its order.
        _ = made.iterations
        made._create_hypers()
        made._create_slots(variables)


def tensors(tf: Any, made: Any, weights: List[Tuple[str, Any]]) -> Dict[str, np.ndarray]:
    """Return Adam's moments and powers of beta by checkpoint key; nothing of SGD."""
    if not _is_adam(made):
        return {}
    found = _beta_powers(tf, made)
    for place, (name, variable) in enumerate(weights):
        if hasattr(made, "get_slot"):
            first, second = made.get_slot(variable, "m"), made.get_slot(variable, "v")
        else:
            first, second = made._momentums[place], made._velocities[place]
        prefix = "{}{}/".format(names.SLOTS_PREFIX, name)
        found[prefix + "m"] = first.numpy()
        found[prefix + "v"] = second.numpy()
    return found


def _is_adam(made: Any) -> bool:
    return "beta_1" in made.get_config()


def _beta_powers(tf: Any, adam: Any) -> Dict[str, np.ndarray]:
    """Return beta1 and beta2 to the power of the next update, by the optimizer's own formula."""
    settings = adam.get_config()
    next_update = tf.cast(adam.iterations + 1, tf.float32)
    return {
        names.OPTIMIZER_PREFIX
        + short: tf.pow(tf.cast(settings[key], tf.float32), next_update).numpy()
        for short, key in (("beta1_power", "beta_1"), ("beta2_power", "beta_2"))
    }
