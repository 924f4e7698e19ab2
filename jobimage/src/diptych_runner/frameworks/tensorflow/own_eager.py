"""Anybody's compiled Keras model in TensorFlow 2.x: one tf.function a batch, as fit makes one.

tests/integration/test_own_code.py holds it and fit equal, bit by bit.
"""

from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from diptych_runner.frameworks import base, numbers
from diptych_runner.frameworks.tensorflow import (
    own_compiled,
    own_draws,
    own_losses,
    own_masks,
    own_names,
    own_rates,
    own_settings,
)
from diptych_runner.frameworks.tensorflow.eager_program import EagerProgram
from diptych_runner.frameworks.tensorflow.optimizers import slots


class OwnEagerModel(EagerProgram, base.OwnModel):
    """A model, its optimizer, its loss and its metrics, as the user compiled them."""

    def __init__(
        self,
        tf: Any,
        model: Any,
        inputs: np.ndarray,
        targets: np.ndarray,
        *,
        given_masks: bool,
        weighted: bool
    ) -> None:
        """Build the model by its first rows, then everything that belongs to a step."""
        own_losses.refuse_unknown(model)
        layers = own_names.all_layers(model)
        own_losses.refuse_state(layers)
        self._tf = tf
        self._model = model
        self._version = own_settings.version_of(tf)
        self.batches_at_once = _batches_at_once(model)
        self.is_fit_rewritten = self._version >= (2, 2)
        self._weighted = weighted
        if weighted and not self.is_fit_rewritten:
            own_losses.refuse_weights(tf.__version__)
        inputs, targets = self.fitted(inputs[:2], targets[:2])
        if given_masks:
            own_masks.refuse_eager(model)
        outputs = model(tf.constant(inputs), training=False)
        # A layer may make others once it is built.
        layers = own_names.all_layers(model) if given_masks else []
        self._dropouts = own_masks.Dropouts(tf, layers)
        calls = self._dropouts.measure(lambda: _trace(tf, model, inputs)) if given_masks else []
        self._mask_shapes = [shape for _, shape in calls]
        self._layers = own_masks.named(calls)
        super().__init__(tf, model.optimizer, own_names.trainable(model))
        self._statistics = own_names.statistics(tf, model)
        slots.create(model.optimizer, [variable for _, variable in self.weights])
        _build_metrics(model, targets, outputs)
        self._loss_of_batch = own_losses.loss_of(tf, model)
        self._types = [(array.shape[1:], array.dtype) for array in (inputs, targets)]
        if given_masks:
            forward = self._function(self._forward).get_concrete_function()
            own_masks.refuse_draws(own_draws.in_graph(forward.graph))

    def step(self, batch: base.Batch) -> float:
        """Run the compiled step."""
        if self._compiled is None:
            self._compiled = self._function(self._update)
        loss, rate = self._compiled(*self._fed(batch))
        self.rate = None if rate is None else float(rate)
        return float(loss)

    def is_of(self, model: Any) -> bool:
        """Return whether model and optimizer are the same objects still."""
        return model is self._model and model.optimizer is self._optimizer

    def fitted(self, inputs: np.ndarray, targets: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Return Keras's type for fractions; up to 2.6 a column for plain rows of numbers."""
        kind = self._tf.keras.backend.floatx()
        arrays = [
            array.astype(kind) if array.dtype.kind == "f" else array for array in (inputs, targets)
        ]
        if self._version < (2, 7):
            arrays = [array.reshape(-1, 1) if array.ndim == 1 else array for array in arrays]
        return arrays[0], arrays[1]

    def random_layers(self) -> List[base.RandomLayer]:
        """Return the calls of dropout layers."""
        return self._layers

    def optimized(
        self, weights: Dict[str, np.ndarray], gradients: List[Dict[str, np.ndarray]]
    ) -> Dict[str, np.ndarray]:
        """Try Keras's own optimizers; one of the script's cannot be made by its configuration."""
        if not own_losses.is_kerass_own(type(self._optimizer)):
            return {}
        return super().optimized(weights, gradients)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return the outputs without dropout."""
        inputs, _ = self.fitted(inputs, inputs)
        return np.asarray(self._model(self._tf.constant(inputs), training=False).numpy())

    def tensors(self) -> Dict[str, np.ndarray]:
        """Return weights, what follows the batches, and the optimizer's state as it is known."""
        kept = own_settings.state(self._tf, self._optimizer, self.weights, self._statistics)
        return {key: np.asarray(value.numpy()) for key, value in kept.items()}

    def effective_parameters(self) -> Dict[str, Any]:
        """Return the optimizer's own configuration, and whether XLA compiles the step."""
        return dict(own_settings.effective(self._optimizer), jitCompile=self._jit())

    def reset_metrics(self) -> None:
        """Reset every metric, as fit does before an epoch."""
        for metric in self._model.metrics:
            reset = getattr(metric, "reset_state", None) or metric.reset_states
            reset()

    def metric_results(self) -> Dict[str, Any]:
        """Return what fit would log of this epoch."""
        found = own_settings.results(self._model.metrics)
        return {name: numbers.number_of(value) for name, value in found.items()}

    def finalize(self) -> None:
        """Let an optimizer with use_ema put its means in the place of the weights."""
        finalize = getattr(self._optimizer, "finalize_variable_values", None)
        if finalize is not None:
            finalize([variable for _, variable in self.weights])

    def _fed(self, batch: base.Batch) -> List[Any]:
        tf = self._tf
        fed = [tf.constant(batch.inputs), tf.constant(batch.targets)]
        if batch.weights is not None:
            # As fitted makes targets: a column up to 2.6.
            fed.append(tf.constant(self.fitted(batch.inputs, batch.weights)[1]))
        for layer, shape in zip(self._layers, self._mask_shapes):
            mask = batch.masks[layer.name]
            fed.append(tf.constant(mask.reshape((len(mask),) + shape)))
        return fed

    def _signature(self) -> List[Any]:
        """Return types for batches of any size: fit too traces once, not once a size."""
        tf = self._tf
        signature = [
            tf.TensorSpec((None,) + shape, tf.as_dtype(dtype)) for shape, dtype in self._types
        ]
        if self._weighted:
            shape = (None, 1) if self._version < (2, 7) else (None,)
            signature.append(tf.TensorSpec(shape, tf.as_dtype(tf.keras.backend.floatx())))
        return signature + [
            tf.TensorSpec((None,) + shape, tf.float32) for shape in self._mask_shapes
        ]

    def _options(self) -> Dict[str, Any]:
        return {"jit_compile": True} if self._jit() else {}

    def _side_state(self) -> List[Any]:
        trained = {id(variable) for _, variable in self.weights}
        return [each for each in self._model.variables if id(each) not in trained]

    def _function(self, body: Any) -> Any:
        return body if self._model.run_eagerly else super()._function(body)

    def _jit(self) -> bool:
        model = self._model
        # From 2.8 on; up to 2.10 it has no name of its own.
        asked = getattr(model, "jit_compile", None) or getattr(model, "_jit_compile", None)
        return bool(asked) and not model.run_eagerly

    def _forward(self, inputs: Any, targets: Any, *others: Any) -> Tuple[Any, Any]:
        weights, masks = self._parted(others)
        with self._dropouts.given(masks), own_compiled.AsCompiled(self._model):
            outputs = self._model(inputs, training=True)
            loss = self._loss_of_batch(inputs, targets, outputs, weights)
        return outputs, loss

    def _update(self, inputs: Any, targets: Any, *others: Any) -> Any:
        outputs, loss, gradients = self._gradients(inputs, targets, *others)
        with own_rates.overheard(self._optimizer) as rates:
            self._apply(gradients)
        rate = own_rates.eager(self._tf, self._optimizer, rates)
        weights, _ = self._parted(others)
        _update_metrics(self._model, inputs, targets, outputs, weights)
        return loss, rate

    def _parted(self, others: Tuple[Any, ...]) -> Tuple[Any, Tuple[Any, ...]]:
        """Return weights of the examples, or None, and the masks."""
        return (others[0], others[1:]) if self._weighted else (None, others)


def _batches_at_once(model: Any) -> Optional[int]:
    """Return after how many batches fit calls callbacks; None: it finds out itself."""
    if getattr(model, "_autotune_steps_per_execution", False):
        return None
    # 2.2 has none; Keras 2 holds it as a variable.
    several = getattr(model, "steps_per_execution", getattr(model, "_steps_per_execution", None))
    if several is None:
        return 1
    return int(several.numpy() if hasattr(several, "numpy") else several)


def _trace(tf: Any, model: Any, inputs: np.ndarray) -> None:
    """Build what a step calls of the model, and run none of it: some drop in training alone."""

    def forward(rows: Any) -> Any:
        return model(rows, training=True)

    rows = tf.TensorSpec((None,) + inputs.shape[1:], tf.as_dtype(inputs.dtype))
    tf.function(forward).get_concrete_function(rows)


def _build_metrics(model: Any, targets: Any, outputs: Any) -> None:
    """Let Keras 3 make its metrics' variables now: a compiled step may make none."""
    for part in ("_compile_metrics", "_compile_loss"):
        compiled = getattr(model, part, None)
        # 2.1 has a list of this name.
        if compiled is not None and getattr(compiled, "built", True) is False:
            compiled.build(targets, outputs)


def _update_metrics(model: Any, inputs: Any, targets: Any, outputs: Any, weights: Any) -> None:
    if hasattr(model, "compute_metrics"):
        model.compute_metrics(inputs, targets, outputs, weights)
    elif hasattr(model, "compiled_metrics"):
        model.compiled_metrics.update_state(targets, outputs, weights)
    else:
        # Of 2.1: what layers add by add_metric is no function of targets and outputs.
        mask = own_losses.mask_of(outputs)
        for metric in model._compile_metric_functions:
            metric.update_state(targets, outputs, sample_weight=mask)
