"""Losses that layers add to the compiled one, in a graph of 1.x: those of one call of the model.

A graph keeps those of every call, by activity_regularizer or add_loss, and fit takes those of the
model's own inputs.
"""

from typing import Any, Iterable, List

from diptych_runner.frameworks.tensorflow import own_draws, own_masks


def of_call(model: Any, fed: Iterable[Any]) -> List[Any]:
    """Return the model's losses that are computed from nothing that is fed but these."""
    known = {tensor.op.name for tensor in fed}
    return [
        loss
        for loss in model.losses
        if all(op.name in known for op in own_draws.ops_behind([loss]) if op.type == "Placeholder")
    ]


def of_another(own: List[Any], model: Any, fed: Iterable[Any]) -> List[Any]:
    """Return those of another call; raise MasksMissing where a version does not keep them."""
    found = of_call(model, fed)
    if len(own) != len(found):
        raise own_masks.MasksMissing(
            "SharedMasks calls the model once more, and of that call this version does not keep "
            "what activity_regularizer or add_loss adds; leave those out, or leave SharedMasks and "
            "what follows it out"
        )
    return found
