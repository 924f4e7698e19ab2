"""The Keras image classifier on several devices of one machine: tf.distribute.MirroredStrategy.

Each replica takes its rows of every batch, and their share of the batch's loss: the summed
gradients are those of the whole batch. Batch normalisation sees its replica's rows alone, as in
fit.
"""

from typing import Any, Callable, Dict, List, Tuple

import numpy as np

from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import keras_models
from diptych_runner.frameworks.tensorflow.eager_keras import KerasProgram


def devices(tf: Any, replicas: int) -> List[str]:
    """Return the devices to train on; called before TensorFlow starts its runtime.

    Where there is no GPU at all, and the plan allows that, as many virtual CPUs: the same sums as
    on GPUs, up to rounding. Raises Unsupported when there are GPUs, and too few.
    """
    config = tf.config.experimental
    found = len(config.list_physical_devices("GPU"))
    if found >= replicas:
        return ["GPU:{}".format(place) for place in range(replicas)]
    if found:
        raise base.Unsupported(
            "spec.resources.gpus: {} asked for, TensorFlow sees {}".format(replicas, found)
        )
    (cpu,) = config.list_physical_devices("CPU")
    config.set_virtual_device_configuration(cpu, [config.VirtualDeviceConfiguration()] * replicas)
    return ["CPU:{}".format(place) for place in range(replicas)]


class MirroredProgram(KerasProgram):
    """A tf.keras model whose variables have a copy on each device."""

    def __init__(
        self, tf: Any, optimizer: Any, problem: base.Cnn, strategy: Any, *, given_masks: bool
    ) -> None:
        """Build the model; called in the strategy's scope."""
        self._strategy = strategy
        self._replicas = int(strategy.num_replicas_in_sync)
        super().__init__(tf, optimizer, problem, given_masks=given_masks)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return softmax outputs (n, classes) under the moving means that a checkpoint has."""
        self._agree()
        return super().predict(inputs)

    def tensors(self) -> Dict[str, np.ndarray]:
        """Return weights, moving means and the optimizer's state."""
        self._agree()
        return super().tensors()

    def effective_parameters(self) -> Dict[str, Any]:
        """Return the optimizer's, and how many replicas take a batch."""
        return dict(super().effective_parameters(), replicas=self._replicas)

    def framework_metrics(self, _inputs: np.ndarray, _targets: np.ndarray) -> Dict[str, float]:
        """Return none: evaluate of some versions takes no batch that does not divide."""
        return {}

    def _agree(self) -> None:
        """Give every replica the moving means that a saved model has.

        Keras 2 takes the mean of the replicas', Keras 3 the first one's.
        """
        for _, variable in self._built.statistics:
            # Keras 3 has a variable of its own around TensorFlow's.
            held = variable if hasattr(variable, "read_value") else variable.value
            variable.assign(held.read_value())

    def _jit(self) -> bool:
        return False

    def _update(self, *fed: Any) -> Any:
        def update(*rows: Any) -> Any:
            loss, gradients = self._differentiated(*rows)[1:]
            self._apply(gradients)
            return loss

        return self._summed(self._in_replicas(update, fed))

    def _gradients(self, *fed: Any) -> Tuple[Any, Any, List[Any]]:
        outputs, loss, gradients = self._in_replicas(self._differentiated, fed)
        pieces = self._strategy.experimental_local_results(outputs)
        return (
            self._tf.concat(pieces, 0),
            self._summed(loss),
            [self._summed(gradient) for gradient in gradients],
        )

    def _in_replicas(self, body: Callable[..., Any], fed: Tuple[Any, ...]) -> Any:
        # Called otherwise up to 2.1.
        run = getattr(self._strategy, "run", None) or self._strategy.experimental_run_v2
        return run(body, args=fed)

    def _differentiated(self, *whole: Any) -> Tuple[Any, Any, List[Any]]:
        """Return outputs, share of the loss, and its gradients, of this replica's rows."""
        tf = self._tf
        place = tf.distribute.get_replica_context().replica_id_in_sync_group
        rows = tf.shape(whole[0])[0]
        first, end = rows * place // self._replicas, rows * (place + 1) // self._replicas
        inputs, labels, *masks = [each[first:end] for each in whole]
        with tf.GradientTape() as tape:
            outputs = self._model(keras_models.joined([inputs] + masks), training=True)
            losses = tf.keras.losses.SparseCategoricalCrossentropy(reduction="none")
            loss = tf.reduce_sum(losses(labels, outputs)) / tf.cast(rows, tf.float32)
        return outputs, loss, tape.gradient(loss, [variable for _, variable in self.weights])

    def _summed(self, values: Any) -> Any:
        return self._strategy.reduce(self._tf.distribute.ReduceOp.SUM, values, axis=None)
