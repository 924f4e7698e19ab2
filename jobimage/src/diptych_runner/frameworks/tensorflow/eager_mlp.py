"""mnist-mlp in TensorFlow 2.x: one tf.function a batch that does what fit does with it.

fit itself cannot be used: it hands out the batch's loss in one version and a running mean in
another. tests/integration/test_mlp.py holds the two ways of training equal.
"""

from typing import Any, Dict

import numpy as np

from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import keras_mlp
from diptych_runner.frameworks.tensorflow.eager_program import EagerProgram


class MlpProgram(EagerProgram):
    """A tf.keras.Sequential, its own optimizer, its own losses."""

    def __init__(self, tf: Any, optimizer: Any, problem: base.Mlp, *, given_masks: bool) -> None:
        """Build the model with Keras's default initializers."""
        self._problem = problem
        self._model = keras_mlp.model(tf, problem)
        super().__init__(tf, optimizer, keras_mlp.weights(self._model))
        self._given_masks = given_masks
        # fit compiles before it trains. Keras 3 then decides on XLA: yes beside a GPU.
        self._model.compile(
            optimizer=optimizer,
            loss=keras_mlp.compiled_loss(tf, problem.loss),
            metrics=["accuracy"],
        )
        self._compiled = self._compile()

    def step(self, batch: base.Batch) -> float:
        """Run the compiled step; labels go in as (n, 1)."""
        tf = self._tf
        fed = [tf.constant(batch.inputs), tf.constant(batch.targets.reshape(-1, 1))]
        if self._given_masks:
            fed.extend(tf.constant(mask) for mask in batch.masks.values())
        return float(self._compiled(*fed))

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return softmax outputs (n, 10) without dropout."""
        return np.asarray(self._model(self._tf.constant(inputs), training=False).numpy())

    def effective_parameters(self) -> Dict[str, Any]:
        """Return the optimizer's, and whether XLA compiles the step."""
        return dict(super().effective_parameters(), jitCompile=self._jit())

    def framework_metrics(self, inputs: np.ndarray, targets: np.ndarray) -> Dict[str, float]:
        """Return what compile(metrics=["accuracy"]) and evaluate say of labels (n, 1)."""
        reported = self._model.evaluate(inputs, targets.reshape(-1, 1), verbose=0)
        return {"accuracy": float(reported[1])}

    def _compile(self) -> Any:
        """Return the step for batches of any size: fit too traces once, not once a size."""
        tf, problem = self._tf, self._problem
        signature = [
            tf.TensorSpec((None,) + problem.input_shape, tf.float32),
            tf.TensorSpec((None, 1), tf.int64),
        ]
        if self._given_masks:
            signature.append(tf.TensorSpec((None, problem.hidden), tf.float32))
        options = {"jit_compile": True} if self._jit() else {}
        return tf.function(self._update_batch, input_signature=signature, **options)

    def _jit(self) -> bool:
        return keras_mlp.is_keras_3(self._tf) and bool(self._model.jit_compile)

    def _update_batch(self, inputs: Any, labels: Any, mask: Any = None) -> Any:
        with self._tf.GradientTape() as tape:
            if mask is None:
                outputs = self._model(inputs, training=True)
            else:
                outputs = keras_mlp.masked(self._model, inputs, mask)
            loss = keras_mlp.batch_loss(self._tf, self._problem.loss, labels, outputs)
        self._apply(tape, loss)
        return loss
