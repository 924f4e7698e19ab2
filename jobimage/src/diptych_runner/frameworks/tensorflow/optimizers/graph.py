"""One face for both families of optimizers in a graph: tf.train's, and tf.keras's own."""

from typing import Any, Dict, List, Tuple

from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow.optimizers import keras, slots, train


class TrainOptimizer(object):
    """An optimizer of tf.train."""

    def __init__(self, tf: Any, optimizer: base.Optimizer) -> None:
        """Make it in the default graph."""
        self._made = train.make(tf, optimizer)

    def updates(self, loss: Any, variables: List[Any]) -> Any:
        """Return the operation that makes one update."""
        return self._made.minimize(loss, var_list=variables)

    def state(self, weights: List[Tuple[str, Any]]) -> Dict[str, Any]:
        """Return slots and scalars by checkpoint key."""
        return train.state(self._made, weights)

    def effective(self) -> Dict[str, Any]:
        """Return the parameters that it holds."""
        return train.effective(self._made)


class KerasOptimizer(object):
    """An optimizer of tf.keras."""

    def __init__(self, tf: Any, optimizer: base.Optimizer) -> None:
        """Make it in the default graph."""
        self._tf = tf
        self.made = keras.make(tf, optimizer)

    def updates(self, loss: Any, variables: List[Any]) -> Any:
        """Return the operation that makes one update."""
        if hasattr(self.made, "get_slot_names"):
            return self._tf.group(*self.made.get_updates(loss, variables))
        return self._tf.group(*self._in_order(loss, variables))

    def _in_order(self, loss: Any, variables: List[Any]) -> List[Any]:
        """Return the updates of tf.keras up to 1.12 in the one order that they mean.

        There a weight may be updated before the backward pass of another has read it, and updates
        counted before the count is read: what wins is settled anew by every process, so that
        repeats in one would agree and those in another would not.
        """
        gradients = self.made.get_gradients
        self.made.get_gradients = lambda *given: self._tf.tuple(gradients(*given))
        updates = self.made.get_updates(loss, variables)
        count = self.made.iterations.op
        counting = [each for each in updates if each.op.inputs[0].op is count]
        others = [each.op for each in updates if each not in counting]
        for each in counting:
            each.op._add_control_inputs(others)
        return list(updates)

    def state(self, weights: List[Tuple[str, Any]]) -> Dict[str, Any]:
        """Return slots and scalars by checkpoint key; asked once every variable has a value."""
        return slots.state(self._tf, self.made, weights)

    def effective(self) -> Dict[str, Any]:
        """Return the parameters that it reports."""
        return keras.effective(self.made)


def make(tf: Any, optimizer: base.Optimizer) -> Any:
    """Return the optimizer of tf.train, or of tf.keras where there is no such."""
    family = TrainOptimizer if train.serves(tf, optimizer.name) else KerasOptimizer
    return family(tf, optimizer)
