"""Keras classifiers in TensorFlow 2.x: one tf.function a batch that does what fit does with it.

fit itself cannot be used: it hands out the batch's loss in one version and a running mean in
another. tests/integration/test_mlp.py holds the two ways of training equal.
"""

from typing import Any, Dict, List, Tuple

import numpy as np

from diptych_runner.contract import names
from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import keras_losses, keras_models, keras_settings
from diptych_runner.frameworks.tensorflow.eager_program import EagerProgram


class KerasProgram(EagerProgram):
    """A tf.keras model, its own optimizer, its own losses."""

    def __init__(
        self, tf: Any, optimizer: Any, problem: keras_models.Classifier, *, given_masks: bool
    ) -> None:
        """Build the model with Keras's default initializers."""
        self._problem = problem
        self._built = keras_models.build(tf, problem, given_masks=given_masks)
        self._model = self._built.model
        super().__init__(tf, optimizer, self._built.weights)
        self._given_masks = given_masks
        # fit compiles before it trains. Keras 3 then decides on XLA: yes beside a GPU.
        self._model.compile(
            optimizer=optimizer,
            loss=keras_losses.compiled_loss(tf, problem.loss),
            metrics=["accuracy"],
        )

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return softmax outputs (n, classes) without dropout."""
        outputs = [
            self._model(
                keras_models.joined([self._tf.constant(each) for each in fed]), training=False
            )
            for fed in keras_models.in_pieces(self._whole(inputs))
        ]
        return np.concatenate([each.numpy() for each in outputs])

    def tensors(self) -> Dict[str, np.ndarray]:
        """Return weights, what follows the batches, and the optimizer's state."""
        tensors = super().tensors()
        for name, variable in self._built.statistics:
            tensors[names.STATISTICS_PREFIX + name] = np.asarray(variable.numpy())
        return tensors

    def effective_parameters(self) -> Dict[str, Any]:
        """Return the optimizer's, and whether XLA compiles the step."""
        return dict(super().effective_parameters(), jitCompile=self._jit())

    def framework_metrics(self, inputs: np.ndarray, targets: np.ndarray) -> Dict[str, float]:
        """Return what compile(metrics=["accuracy"]) and evaluate say of labels (n, 1)."""
        fed = keras_models.joined(self._whole(inputs))
        reported = self._model.evaluate(fed, targets.reshape(-1, 1), verbose=0)
        return {"accuracy": float(reported[1])}

    def _whole(self, inputs: np.ndarray) -> List[np.ndarray]:
        """Return inputs with the mask that drops nothing, where the model takes one."""
        return keras_models.undropped(self._problem, inputs, given_masks=self._given_masks)

    def _fed(self, batch: base.Batch) -> List[Any]:
        """Return the batch's tensors; labels go in as (n, 1)."""
        tf = self._tf
        fed = [tf.constant(batch.inputs), tf.constant(batch.targets.reshape(-1, 1))]
        if self._given_masks:
            fed.extend(tf.constant(mask) for mask in batch.masks.values())
        return fed

    def _signature(self) -> List[Any]:
        """Return types for batches of any size: fit too traces once, not once a size."""
        tf, problem = self._tf, self._problem
        signature = [
            tf.TensorSpec((None,) + problem.input_shape, tf.float32),
            tf.TensorSpec((None, 1), tf.int64),
        ]
        if self._given_masks:
            signature.append(tf.TensorSpec((None, keras_models.mask_units(problem)), tf.float32))
        return signature

    def _options(self) -> Dict[str, Any]:
        return {"jit_compile": True} if self._jit() else {}

    def _side_state(self) -> List[Any]:
        trained = {id(variable) for _, variable in self.weights}
        return [each for each in self._model.variables if id(each) not in trained]

    def _jit(self) -> bool:
        return keras_settings.is_keras_3(self._tf) and bool(self._model.jit_compile)

    def _forward(self, inputs: Any, labels: Any, *masks: Any) -> Tuple[Any, Any]:
        outputs = self._model(keras_models.joined([inputs] + list(masks)), training=True)
        return outputs, keras_losses.batch_loss(self._tf, self._problem.loss, labels, outputs)
