"""Programs of TensorFlow 1.x: a graph, a session, tf.train.AdamOptimizer."""

from typing import Any, Dict, List, Optional, Tuple, Union

import numpy as np

from diptych_runner.contract import names
from diptych_runner.frameworks import base


class GraphProgram(base.Program):
    """A graph in a session."""

    def __init__(self, session: Any, parts: Dict[str, Any]) -> None:
        """Take the session and the tensors by their role."""
        self._session = session
        self._parts = parts

    def weight_shapes(self) -> List[Tuple[str, base.Shape]]:
        """Return names and static shapes."""
        return [
            (name, tuple(variable.get_shape().as_list()))
            for name, variable in self._parts["weights"]
        ]

    def assign_weights(self, weights: Dict[str, np.ndarray]) -> None:
        """Load values without adding operations: the graph stays that of Native."""
        for name, variable in self._parts["weights"]:
            # The initializer op's second input is the value; feeding it assigns that instead.
            value = variable.initializer.inputs[1]
            self._session.run(variable.initializer, {value: weights[name]})

    def step(self, batch: base.Batch) -> float:
        """Run loss and update together; the loss is of the weights before the update."""
        feed = self._feed(batch.inputs, batch.targets)
        loss, _ = self._session.run([self._parts["loss"], self._parts["train"]], feed)
        return float(loss)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Run the outputs alone."""
        outputs = self._session.run(self._parts["outputs"], self._feed(inputs, None))
        return np.asarray(outputs)

    def tensors(self) -> Dict[str, np.ndarray]:
        """Fetch weights, every slot, and the beta powers that Adam keeps as variables."""
        adam = self._parts["adam"]
        wanted = {}
        for name, variable in self._parts["weights"]:
            wanted[names.WEIGHTS_PREFIX + name] = variable
            for slot in adam.get_slot_names():
                key = "{}{}/{}".format(names.SLOTS_PREFIX, name, slot)
                wanted[key] = adam.get_slot(variable, slot)
        first, second = _beta_powers(adam)
        wanted[names.OPTIMIZER_PREFIX + "beta1_power"] = first
        wanted[names.OPTIMIZER_PREFIX + "beta2_power"] = second
        keys = sorted(wanted)
        values = self._session.run([wanted[key] for key in keys])
        return dict(zip(keys, values))

    def permutation(self, count: int) -> np.ndarray:
        """Run tf.random_shuffle once more."""
        return np.asarray(self._session.run(self._parts["order"], {self._parts["count"]: count}))

    def effective_parameters(self) -> Dict[str, Any]:
        """Return what the optimizer holds."""
        adam = self._parts["adam"]
        return {
            "optimizer": "tf.train.AdamOptimizer",
            "learningRate": base.as_set(adam._lr),
            "beta1": base.as_set(adam._beta1),
            "beta2": base.as_set(adam._beta2),
            "epsilon": base.as_set(adam._epsilon),
        }

    def _feed(self, inputs: np.ndarray, targets: Optional[np.ndarray]) -> Dict[Any, np.ndarray]:
        feed = {}
        if "inputs" in self._parts:
            feed[self._parts["inputs"]] = inputs
            if targets is not None:
                feed[self._parts["targets"]] = targets
        return feed


def program(
    tf: Any,
    session: Any,
    problem: Union[base.Quadratic, base.LinearRegression],
    optimizer: base.Optimizer,
) -> GraphProgram:
    """Build a small problem with tf.train.AdamOptimizer and initialise its variables."""
    if isinstance(problem, base.Quadratic):
        parts = _quadratic(tf, problem)
    else:
        parts = _linear_regression(tf, problem)
    adam = tf.train.AdamOptimizer(**_given(optimizer))
    parts.update(train=adam.minimize(parts["loss"]), adam=adam)
    parts.update(count=tf.placeholder(tf.int32, []))
    parts.update(order=tf.random_shuffle(tf.range(parts["count"])))
    session.run(tf.global_variables_initializer())
    return GraphProgram(session, parts)


def _quadratic(tf: Any, problem: base.Quadratic) -> Dict[str, Any]:
    x = tf.Variable(np.float32(problem.x), name="x")
    loss = tf.square(x - np.float32(problem.y))
    return {"weights": [("x", x)], "loss": loss, "outputs": tf.reshape(x, [1, 1])}


def _linear_regression(tf: Any, problem: base.LinearRegression) -> Dict[str, Any]:
    inputs = tf.placeholder(tf.float32, [None, problem.inputs])
    targets = tf.placeholder(tf.float32, [None, problem.outputs])
    outputs = tf.layers.dense(inputs, problem.outputs)
    kernel, bias = tf.trainable_variables()
    return {
        "weights": [("kernel", kernel), ("bias", bias)],
        "inputs": inputs,
        "targets": targets,
        "outputs": outputs,
        "loss": tf.reduce_mean(tf.square(outputs - targets)),
    }


def _given(optimizer: base.Optimizer) -> Dict[str, float]:
    return {key: value for key, value in optimizer._asdict().items() if value is not None}


def _beta_powers(adam: Any) -> Tuple[Any, Any]:
    if hasattr(adam, "_get_beta_accumulators"):
        first, second = adam._get_beta_accumulators()
        return first, second
    return adam._beta1_power, adam._beta2_power
