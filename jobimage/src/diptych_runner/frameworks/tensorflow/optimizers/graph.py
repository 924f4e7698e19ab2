"""One face for both families of optimizers in a graph: tf.train's, and tf.keras's own."""

import copy
from typing import Any, Callable, Dict, List, Tuple

from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow.optimizers import keras, slots, train

#: Makes an optimizer in the default graph; returns its update by (gradient, variable) pairs.
Update = Callable[[List[Tuple[Any, Any]]], Any]


class TrainOptimizer(object):
    """An optimizer of tf.train."""

    #: Options of the variables that it updates.
    variables = {}  # type: Dict[str, bool]

    def __init__(self, tf: Any, optimizer: base.Optimizer) -> None:
        """Make it in the default graph."""
        self._tf = tf
        self._asked = optimizer
        self._made = train.make(tf, optimizer)

    def another(self) -> Update:
        """Return a function that makes one like this, and its update by given gradients."""
        return lambda pairs: train.make(self._tf, self._asked).apply_gradients(pairs)

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

    def __init__(self, tf: Any, made: Any) -> None:
        """Take one that was made in the default graph."""
        self._tf = tf
        self.made = made
        # From 1.13 on it takes none but resource variables, which tf.keras then makes.
        self.variables = {"use_resource": True} if hasattr(self.made, "get_slot_names") else {}

    def another(self) -> Update:
        """Return a function that makes one like this, and its update by given gradients."""
        # Up to 1.12 the numbers of a configuration are variables of the present graph.
        config = keras.configuration(self.made)
        tf, another = self._tf, copy.copy(self)

        def update(pairs: List[Tuple[Any, Any]]) -> Any:
            another.made = keras.another(self.made, config)
            # It wants a loss: one whose gradients are these.
            loss = tf.add_n([tf.reduce_sum(gradient * variable) for gradient, variable in pairs])
            return another.updates(loss, [variable for _, variable in pairs])

        return update

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
        asked = self.made.get_updates(loss, variables)
        # Nadam gives its schedule as a variable and its value, for K.function to assign.
        scheduling = [self._tf.assign(*each) for each in asked if isinstance(each, tuple)]
        updates = [each for each in asked if not isinstance(each, tuple)]
        count = self.made.iterations.op
        counting = [each for each in updates if each.op.inputs[0].op is count]
        others = [each.op for each in updates if each not in counting]
        for each in counting + scheduling:
            each.op._add_control_inputs(others)
        return updates + scheduling

    def state(self, weights: List[Tuple[str, Any]]) -> Dict[str, Any]:
        """Return slots and scalars by checkpoint key; asked once every variable has a value."""
        return slots.state(self._tf, self.made, weights)

    def effective(self) -> Dict[str, Any]:
        """Return the parameters that it reports."""
        return keras.effective(self.made)


def make(tf: Any, optimizer: base.Optimizer) -> Any:
    """Return the optimizer of tf.train, or of tf.keras where there is no such."""
    if train.serves(tf, optimizer.name):
        return TrainOptimizer(tf, optimizer)
    return KerasOptimizer(tf, keras.make(tf, optimizer))
