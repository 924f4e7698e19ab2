"""Programs of TensorFlow 2.x: a tf.function step with a gradient tape and a tf.keras optimizer."""

from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from diptych_runner.contract import names
from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow.optimizers import alone, fitted, keras, slots


class EagerProgram(base.Program):
    """A tf.function step over named variables."""

    def __init__(self, tf: Any, optimizer: Any, weights: List[Tuple[str, Any]]) -> None:
        """Take the variables by name, in the model's order."""
        self._tf = tf
        self._optimizer = optimizer
        self.weights = weights
        self._compiled = None  # type: Any
        self._taken_apart = None  # type: Any

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
        if self._compiled is None:
            self._compiled = self._function(self._update)
        return float(self._compiled(*self._fed(batch)))

    def probe(self, batch: base.Batch) -> Dict[str, np.ndarray]:
        """Run forward and backward pass alone; put back what they change beside the weights."""
        if self._taken_apart is None:
            self._taken_apart = self._function(self._gradients)
        kept = [(variable, variable.numpy()) for variable in self._side_state()]
        outputs, loss, gradients = self._taken_apart(*self._fed(batch))
        for variable, value in kept:
            variable.assign(value)
        found = {names.OUTPUTS_KEY: outputs.numpy(), names.LOSS_KEY: loss.numpy()}
        for (name, variable), gradient in zip(self.weights, gradients):
            # None of a weight that the loss does not depend on.
            known = self._tf.zeros_like(variable) if gradient is None else gradient
            found[names.GRADIENTS_PREFIX + name] = self._tf.convert_to_tensor(known).numpy()
        return found

    def optimized(
        self, weights: Dict[str, np.ndarray], gradients: List[Dict[str, np.ndarray]]
    ) -> Dict[str, np.ndarray]:
        """Let an optimizer of the same configuration update variables aside."""
        return alone.eager(self._tf, self._optimizer, weights, gradients)

    def tensors(self) -> Dict[str, np.ndarray]:
        """Return weights, slots, and the powers of beta that the next update will use."""
        kept = {names.WEIGHTS_PREFIX + name: variable for name, variable in self.weights}
        kept.update(slots.state(self._tf, self._optimizer, self.weights))
        return {key: np.asarray(value.numpy()) for key, value in kept.items()}

    def permutation(self, count: int) -> np.ndarray:
        """Shuffle as Model.fit does: tf.random.shuffle under the global seed."""
        order = self._tf.random.shuffle(self._tf.range(count)).numpy()
        return np.asarray(order)

    def uniform(self, shape: base.Shape) -> np.ndarray:
        """Draw under the global seed."""
        return np.asarray(self._tf.random.uniform(shape).numpy())

    def effective_parameters(self) -> Dict[str, Any]:
        """Return the optimizer's own configuration."""
        return keras.effective(self._optimizer)

    def _fed(self, batch: base.Batch) -> List[Any]:
        """Return what a step is called with."""
        return [self._tf.constant(batch.inputs), self._tf.constant(batch.targets)]

    def _forward(self, inputs: Any, targets: Any, *masks: Any) -> Tuple[Any, Any]:
        """Return a batch's outputs and loss, as in training."""
        raise NotImplementedError

    def _signature(self) -> Optional[List[Any]]:
        """Return the types of what a step is called with; None: as they come."""
        return None

    def _options(self) -> Dict[str, Any]:
        """Return how a step is compiled."""
        return {}

    def _side_state(self) -> List[Any]:
        """Return the variables beside weights and optimizer that a forward pass changes."""
        return []

    def _function(self, body: Any) -> Any:
        return self._tf.function(body, input_signature=self._signature(), **self._options())

    def _update(self, inputs: Any, targets: Any, *masks: Any) -> Any:
        _, loss, gradients = self._gradients(inputs, targets, *masks)
        self._apply(gradients)
        return loss

    def _apply(self, gradients: List[Any]) -> None:
        variables = [variable for _, variable in self.weights]
        fitted.update(self._tf, self._optimizer, gradients, variables)

    def _gradients(self, inputs: Any, targets: Any, *masks: Any) -> Tuple[Any, Any, List[Any]]:
        with self._tf.GradientTape() as tape:
            outputs, loss = self._forward(inputs, targets, *masks)
        return outputs, loss, tape.gradient(loss, [variable for _, variable in self.weights])


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

    def _forward(self, _inputs: Any, _targets: Any, *_masks: Any) -> Tuple[Any, Any]:
        outputs = self._tf.reshape(self._x, [1, 1])
        return outputs, self._tf.square(self._x - self._y)


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

    def _forward(self, inputs: Any, targets: Any, *_masks: Any) -> Tuple[Any, Any]:
        outputs = self._layer(inputs)
        return outputs, self._tf.reduce_mean(self._tf.square(outputs - targets))
