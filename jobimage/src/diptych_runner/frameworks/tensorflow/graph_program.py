"""Programs of TensorFlow 1.x: a graph, a session, an optimizer of tf.train where it has one."""

from typing import Any, Dict, List, Optional, Tuple, Union

import numpy as np

from diptych_runner.contract import names
from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow.optimizers import alone, graph


class GraphProgram(base.Program):
    """A graph in a session."""

    def __init__(self, tf: Any, session: Any, parts: Dict[str, Any]) -> None:
        """Take the session and the tensors by their role."""
        self._tf = tf
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
        wanted = [self._parts["loss"], self._parts["train"]]
        loss, _ = self._session.run(wanted, self._fed(batch))
        return float(loss)

    def probe(self, batch: base.Batch) -> Dict[str, np.ndarray]:
        """Run forward and backward pass alone."""
        parts = self._parts
        if "probe" not in parts:
            outputs = parts.get("trained", parts["outputs"])
            parts["probe"] = taken_apart(self._tf, outputs, parts["loss"], parts["weights"])
        return fetched(self._session, parts["probe"], self._fed(batch))

    def optimized(
        self, weights: Dict[str, np.ndarray], gradients: List[Dict[str, np.ndarray]]
    ) -> Dict[str, np.ndarray]:
        """Let an optimizer of the same configuration update variables of a graph aside."""
        own = self._parts["optimizer"]
        return alone.graph(self._tf, own.another(), weights, gradients, **own.variables)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Run the outputs alone."""
        outputs = self._session.run(self._parts["outputs"], self._feed(inputs, None))
        return np.asarray(outputs)

    def tensors(self) -> Dict[str, np.ndarray]:
        """Fetch weights, every slot, and the scalars that the optimizer keeps as variables."""
        return fetched(self._session, self._parts["state"])

    def permutation(self, count: int) -> np.ndarray:
        """Run tf.random_shuffle once more."""
        return np.asarray(self._session.run(self._parts["order"], {self._parts["count"]: count}))

    def effective_parameters(self) -> Dict[str, Any]:
        """Return what the optimizer holds."""
        return dict(self._parts["optimizer"].effective())

    def _fed(self, batch: base.Batch) -> Dict[Any, np.ndarray]:
        """Return what a step is fed with."""
        return self._feed(batch.inputs, batch.targets)

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
    """Build a small problem with its optimizer and initialise the variables."""
    made = graph.make(tf, optimizer)
    # As its optimizer wants them: tf.keras's takes resource variables alone.
    with tf.variable_scope(tf.get_variable_scope(), **made.variables):
        if isinstance(problem, base.Quadratic):
            parts = _quadratic(tf, problem, made.variables)
        else:
            parts = _linear_regression(tf, problem)
    variables = [variable for _, variable in parts["weights"]]
    parts.update(train=made.updates(parts["loss"], variables), optimizer=made)
    parts.update(count=tf.placeholder(tf.int32, []))
    parts.update(order=tf.random_shuffle(tf.range(parts["count"])))
    session.run(tf.global_variables_initializer())
    parts.update(state=state(made, parts["weights"]))
    return GraphProgram(tf, session, parts)


def fetched(
    session: Any, wanted: Dict[str, Any], feed: Optional[Dict[Any, Any]] = None
) -> Dict[str, np.ndarray]:
    """Return the values of tensors by their keys, all of one run."""
    keys = sorted(wanted)
    values = session.run([wanted[key] for key in keys], feed)
    return dict(zip(keys, map(np.asarray, values)))


def taken_apart(tf: Any, outputs: Any, loss: Any, weights: List[Tuple[str, Any]]) -> Dict[str, Any]:
    """Return the tensors of a step's passes by their keys in probe.npz."""
    found = {names.OUTPUTS_KEY: outputs, names.LOSS_KEY: loss}
    gradients = tf.gradients(loss, [variable for _, variable in weights])
    for (name, _), gradient in zip(weights, gradients):
        found[names.GRADIENTS_PREFIX + name] = tf.convert_to_tensor(gradient)
    return found


def state(made: Any, weights: List[Tuple[str, Any]]) -> Dict[str, Any]:
    """Return the tensors of a checkpoint by key."""
    found = {names.WEIGHTS_PREFIX + name: variable for name, variable in weights}
    found.update(made.state(weights))
    return found


def _quadratic(tf: Any, problem: base.Quadratic, options: Dict[str, bool]) -> Dict[str, Any]:
    x = tf.Variable(np.float32(problem.x), name="x", **options)
    loss = tf.square(x - np.float32(problem.y))
    return {"weights": [("x", x)], "loss": loss, "outputs": tf.reshape(x, [1, 1])}


def _linear_regression(tf: Any, problem: base.LinearRegression) -> Dict[str, Any]:
    inputs = tf.placeholder(tf.float32, [None, problem.inputs])
    targets = tf.placeholder(tf.float32, [None, problem.outputs])
    outputs = tf.layers.dense(inputs, problem.outputs)
    # The last two: up to 1.12 an optimizer of tf.keras has variables of its own before them.
    kernel, bias = tf.trainable_variables()[-2:]
    return {
        "weights": [("kernel", kernel), ("bias", bias)],
        "inputs": inputs,
        "targets": targets,
        "outputs": outputs,
        "loss": tf.reduce_mean(tf.square(outputs - targets)),
    }
