"""Programs of TensorFlow 2.x: a tf.function step with a gradient tape and a tf.keras optimizer."""

from typing import Any, Dict, List, Tuple

import numpy as np

from diptych_runner.contract import names
from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow.optimizers import keras, slots


class EagerProgram(base.Program):
    """A tf.function step over named variables."""

    def __init__(self, tf: Any, optimizer: Any, weights: List[Tuple[str, Any]]) -> None:
        """Take the variables by name, in the model's order."""
        self._tf = tf
        self._optimizer = optimizer
        self.weights = weights
        self._compiled = tf.function(self._update)

    def weight_shapes(self) -> List[Tuple[str, base.Shape]]:
        """Return names and static shapes."""
        return [
            (name, tuple(int(axis) for axis in variable.shape)) for name, variable in self.weights
        ]

    def assign_weights(self, weights: Dict[str, np.ndarray]) -> None:
        """Assign each variable."""
        for name, variable in self.weights:
            variable.assign(weights[name])

    def step(self, batch: base.Batch) -> float:
        """Run the compiled step."""
        tf = self._tf
        return float(self._compiled(tf.constant(batch.inputs), tf.constant(batch.targets)))

    def tensors(self) -> Dict[str, np.ndarray]:
        """Return weights, slots, and the powers of beta that the next update will use."""
        kept = {names.WEIGHTS_PREFIX + name: variable for name, variable in self.weights}
        kept.update(slots.state(self._tf, self._optimizer, self.weights))
        return {key: np.asarray(value.numpy()) for key, value in kept.items()}

    def permutation(self, count: int) -> np.ndarray:
        """Shuffle as Model.fit does: tf.random.shuffle under the global seed."""
        order = self._tf.random.shuffle(self._tf.range(count)).numpy()
        return np.asarray(order)

    def effective_parameters(self) -> Dict[str, Any]:
        """Return the optimizer's own configuration."""
        return keras.effective(self._optimizer)

    def _loss(self, inputs: Any, targets: Any) -> Any:
        raise NotImplementedError

    def _update(self, inputs: Any, targets: Any) -> Any:
        with self._tf.GradientTape() as tape:
            loss = self._loss(inputs, targets)
        self._apply(tape, loss)
        return loss

    def _apply(self, tape: Any, loss: Any) -> None:
        variables = [variable for _, variable in self.weights]
        gradients = tape.gradient(loss, variables)
        self._optimizer.apply_gradients(list(zip(gradients, variables)))


class QuadraticProgram(EagerProgram):
    """(x - y)^2 over one variable; batches are ignored."""

    def __init__(self, tf: Any, optimizer: Any, problem: base.Quadratic) -> None:
        """Start x where the problem says."""
        self._x = tf.Variable(np.float32(problem.x), name="x")
        self._y = np.float32(problem.y)
        super().__init__(tf, optimizer, [("x", self._x)])

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return x for every row."""
        return np.full((len(inputs), 1), self._x.numpy(), dtype=np.float32)

    def _loss(self, inputs: Any, targets: Any) -> Any:  # noqa: ARG002 - there is no data
        return self._tf.square(self._x - self._y)


class RegressionProgram(EagerProgram):
    """One tf.keras Dense layer and the mean squared error."""

    def __init__(self, tf: Any, optimizer: Any, problem: base.LinearRegression) -> None:
        """Build the layer with Keras's default initializers."""
        self._layer = tf.keras.layers.Dense(problem.outputs)
        self._layer.build((None, problem.inputs))
        weights = [("kernel", self._layer.kernel), ("bias", self._layer.bias)]
        super().__init__(tf, optimizer, weights)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Apply the layer."""
        return np.asarray(self._layer(self._tf.constant(inputs)).numpy())

    def _loss(self, inputs: Any, targets: Any) -> Any:
        return self._tf.reduce_mean(self._tf.square(self._layer(inputs) - targets))
