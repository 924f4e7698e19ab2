"""What tf.keras's optimizers keep beside the weights, through their rewrites, by one set of names.

Up to 1.12 they keep one plain list; to 2.10 slots by variable (`get_slot`); from 2.11, and in
Keras 3, lists in the order of the variables. The names are those of `get_slot`. None stores
powers of beta: each raises beta to the number of updates. What an optimizer keeps but never uses,
such as the momentum of one whose momentum is 0, is not recorded.
"""

from typing import Any, Dict, List, Tuple

from diptych_runner.contract import names
from diptych_runner.frameworks.tensorflow.optimizers import keras

#: Slots by class: our name and the list's from 2.11 on, in the order of the plain list before.
_LISTS = {
    "Adam": (("m", "_momentums"), ("v", "_velocities")),
    "SGD": (("momentum", "momentums"),),
    "RMSprop": (("rms", "_velocities"), ("momentum", "_momentums")),
    "Adagrad": (("accumulator", "_accumulators"),),
    "Adadelta": (("accum_grad", "_accumulated_grads"), ("accum_var", "_accumulated_delta_vars")),
    "Ftrl": (("accumulator", "_accumulators"), ("linear", "_linears")),
    "Nadam": (("m", "_momentums"), ("v", "_velocities")),
    "Adamax": (("m", "_m"), ("v", "_u")),
}
_BETA_POWERS = ("Adam", "Adamax")
#: Plain lists that begin with the number of updates.
_COUNTED = ("Adam", "Adamax", "Nadam", "SGD")


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


def state(tf: Any, made: Any, weights: List[Tuple[str, Any]]) -> Dict[str, Any]:
    """Return slots and powers of beta by checkpoint key, as variables or tensors."""
    found = {}
    for slot, kept in _slots(made, weights):
        for (name, _), variable in zip(weights, kept):
            found["{}{}/{}".format(names.SLOTS_PREFIX, name, slot)] = variable
    if type(made).__name__ in _BETA_POWERS:
        found.update(_beta_powers(tf, made))
    return found


def _slots(made: Any, weights: List[Tuple[str, Any]]) -> List[Tuple[str, List[Any]]]:
    """Return every slot that is used: its name and its variables in the order of the weights."""
    variables = [variable for _, variable in weights]
    lists = _LISTS[type(made).__name__]
    if hasattr(made, "get_slot_names"):
        found = [
            (name, [made.get_slot(each, name) for each in variables])
            for name in made.get_slot_names()
        ]
    elif hasattr(made, lists[0][1]):
        found = [(name, list(getattr(made, attribute))) for name, attribute in lists]
    else:
        found = _of_plain_list(made, lists, len(weights))
    if not keras.configuration(made).get("momentum", 1.0):
        found = [(name, kept) for name, kept in found if name != "momentum"]
    return [(name, kept) for name, kept in found if kept]


def _of_plain_list(
    made: Any, lists: Tuple[Tuple[str, str], ...], count: int
) -> List[Tuple[str, List[Any]]]:
    # All of one slot come first, then all of the next.
    kept = list(made.weights)[1 if type(made).__name__ in _COUNTED else 0 :]
    slots = [kept[at : at + count] for at in range(0, len(kept), count)]
    return [(name, slot) for (name, _), slot in zip(lists, slots)]


def _beta_powers(tf: Any, adam: Any) -> Dict[str, Any]:
    """Return beta1 and beta2 to the power of the next update, by the optimizer's own formula."""
    next_update = tf.cast(adam.iterations, tf.float32) + 1.0
    settings = keras.configuration(adam)
    return {
        names.OPTIMIZER_PREFIX + short: tf.pow(tf.cast(settings[key], tf.float32), next_update)
        for short, key in (("beta1_power", "beta_1"), ("beta2_power", "beta_2"))
    }
