"""An optimizer by itself: what it makes of given weights by given gradients, beside a training."""

from typing import Any, Callable, Dict, List, Tuple

import numpy as np

from diptych_runner.frameworks.tensorflow.optimizers import fitted, keras

Arrays = Dict[str, np.ndarray]


def eager(tf: Any, optimizer: Any, weights: Arrays, gradients: List[Arrays]) -> Arrays:
    """Return the weights after an update by each of the gradients, by a copy of the optimizer."""
    another = keras.another(optimizer, keras.configuration(optimizer))
    order = sorted(weights)
    variables = [tf.Variable(weights[name], name=name) for name in order]
    for given in gradients:
        fed = [tf.constant(given[name]) for name in order]
        fitted.update(tf, another, fed, variables)
    return {name: variable.numpy() for name, variable in zip(order, variables)}


def graph(
    tf: Any,
    updates: Callable[[List[Tuple[Any, Any]]], Any],
    weights: Arrays,
    gradients: List[Arrays],
    **options: bool
) -> Arrays:
    """Return the weights after an update by each of the gradients, in a graph of its own.

    `updates` makes an optimizer in the default graph and returns its update by (gradient,
    variable) pairs; `options` are those of the variables.
    """
    order = sorted(weights)
    with tf.Graph().as_default(), tf.Session().as_default() as session:
        variables = [tf.Variable(weights[name], **options) for name in order]
        fed = [tf.placeholder(tf.float32, weights[name].shape) for name in order]
        update = updates(list(zip(fed, variables)))
        session.run(tf.global_variables_initializer())
        for given in gradients:
            session.run(update, {place: given[name] for place, name in zip(fed, order)})
        return dict(zip(order, session.run(variables)))
