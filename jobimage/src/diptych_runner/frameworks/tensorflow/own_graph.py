"""Anybody's compiled tf.keras model in TensorFlow 1.x: one session run a batch, as in fit."""

from typing import Any, Dict, List, Optional, Tuple  # noqa: F401 - in type comments

import numpy as np

from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import (
    graph_program,
    own_added,
    own_compiled,
    own_draws,
    own_losses,
    own_masks,
    own_names,
    own_rates,
    own_settings,
)
from diptych_runner.frameworks.tensorflow.optimizers import alone, graph


class OwnGraphModel(base.OwnModel):
    """A model in the session that Keras keeps."""

    is_fit_rewritten = False

    def __init__(
        self, tf: Any, model: Any, inputs: np.ndarray, targets: np.ndarray, *, given_masks: bool
    ) -> None:
        """Add the step's operations to Keras's graph."""
        own_losses.refuse_unknown(model)
        own_compiled.refuse_changed(model)
        if not getattr(model, "inputs", None) or len(model.inputs) != 1:
            raise own_losses.ModelUnknown(
                "run.keras: in TensorFlow 1.x the first layer must know its input's shape"
            )
        self._tf = tf
        self._model = model
        self._optimizer = model.optimizer
        inputs, targets = self.fitted(inputs, targets)
        # As Keras's own, whatever the labels are: most losses take none but the outputs' type.
        (own,) = getattr(model, "_targets", None) or model.targets
        self._targets = tf.placeholder(own.dtype, (None,) + targets.shape[1:])
        self._learning_phase = tf.keras.backend.learning_phase()
        (self._inputs,), (self._outputs,) = model.inputs, model.outputs
        self._layers = []  # type: List[base.RandomLayer]
        self._masks = []  # type: List[Any]
        self._following = []  # type: List[Any]
        self._trained, added = self._masked(given_masks=given_masks)
        self._loss = own_losses.wrapped(tf, model, added)(None, self._targets, self._trained, None)
        self.weights = own_names.trainable(model)
        self._updating = graph.KerasOptimizer(tf, _native(self._optimizer))
        self._train = tf.group(self._updates(), *self._following)
        if given_masks:
            ends = [self._loss] + self._following
            own_masks.refuse_draws(own_draws.behind(self._loss.graph, ends))
        self._taken_apart = {}  # type: Dict[str, Any]
        # Slots have their first values only once Keras has initialised them.
        self._session()
        statistics = own_names.statistics(tf, model)
        self._state = own_settings.state(tf, self._optimizer, self.weights, statistics)

    def is_of(self, model: Any) -> bool:
        """Return whether model and optimizer are the same objects still."""
        return model is self._model and model.optimizer is self._optimizer

    def fitted(self, inputs: np.ndarray, targets: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Return Keras's type for fractions, and a column for plain rows of numbers."""
        kind = self._tf.keras.backend.floatx()
        arrays = [
            array.astype(kind) if array.dtype.kind == "f" else array for array in (inputs, targets)
        ]
        arrays = [array.reshape(-1, 1) if array.ndim == 1 else array for array in arrays]
        return arrays[0], arrays[1]

    def weight_shapes(self) -> List[Tuple[str, base.Shape]]:
        """Return names and static shapes."""
        return own_names.shapes(self.weights)

    def assign_weights(self, weights: Dict[str, np.ndarray]) -> None:
        """Load values without adding operations."""
        for name, variable in self.weights:
            variable.load(weights[name], self._session())

    def random_layers(self) -> List[base.RandomLayer]:
        """Return the calls of dropout layers."""
        return self._layers

    def step(self, batch: base.Batch) -> float:
        """Run loss and updates together; the loss is of the weights before the update."""
        session = self._session()
        before = session.run(self._decayed)
        loss, _, read = session.run([self._loss, self._train, self._rates], self._feed(batch))
        self.rate = next((float(rate) for rate in before + read), None)
        return float(loss)

    def probe(self, batch: base.Batch) -> Dict[str, np.ndarray]:
        """Run forward and backward pass alone."""
        if not self._taken_apart:
            self._taken_apart = graph_program.taken_apart(
                self._tf, self._trained, self._loss, self.weights
            )
        return graph_program.fetched(self._session(), self._taken_apart, self._feed(batch))

    def optimized(
        self, weights: Dict[str, np.ndarray], gradients: List[Dict[str, np.ndarray]]
    ) -> Dict[str, np.ndarray]:
        """Let an optimizer of the same configuration update variables of a graph aside."""
        if not own_losses.is_kerass_own(type(self._optimizer)):
            return {}
        own = self._updating
        return alone.graph(self._tf, own.another(), weights, gradients, **own.variables)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return the outputs without dropout."""
        (own,) = self._model.inputs
        feed = {own: self.fitted(inputs, inputs)[0], self._learning_phase: 0}
        return np.asarray(self._session().run(self._outputs, feed))

    def tensors(self) -> Dict[str, np.ndarray]:
        """Fetch weights, what follows the batches, and slots."""
        return graph_program.fetched(self._session(), self._state)

    def permutation(self, count: int) -> np.ndarray:
        """Shuffle as fit of 1.x does: NumPy's global generator."""
        order = np.arange(count)
        np.random.shuffle(order)  # noqa: NPY002 - it is what fit uses
        return order

    def effective_parameters(self) -> Dict[str, Any]:
        """Return the optimizer's own configuration."""
        return own_settings.effective(_native(self._optimizer))

    def reset_metrics(self) -> None:
        """Do nothing: they are no part of this step."""

    def metric_results(self) -> Dict[str, Any]:
        """Return nothing: they are no part of this step."""
        return {}

    def _feed(self, batch: base.Batch) -> Dict[Any, Any]:
        feed = {
            self._inputs: batch.inputs,
            self._targets: batch.targets,
            self._learning_phase: 1,
        }  # type: Dict[Any, Any]
        for layer, mask in zip(self._layers, self._masks):
            rows = batch.masks[layer.name]
            feed[mask] = rows.reshape([len(rows)] + mask.get_shape().as_list()[1:])
        return feed

    def _session(self) -> Any:
        # Keras initialises here what it has not initialised yet.
        return self._tf.keras.backend.get_session()

    def _updates(self) -> Any:
        """Return the operation that makes one update; note what its rate is."""
        with own_rates.overheard(self._optimizer) as heard:
            updates = self._updating.updates(self._loss, [variable for _, variable in self.weights])
        self._decayed = own_rates.decayed(self._tf, self._optimizer)
        self._rates = own_rates.graph(self._tf, self._optimizer, heard)
        return updates

    def _masked(self, *, given_masks: bool) -> Tuple[Any, List[Any]]:
        """Return the outputs that are trained: the model's own, or built once more with masks.

        And the losses that layers add to those.

        What follows a step's batch beside them, such as moving means, is that of these outputs.
        """
        tf, model = self._tf, self._model
        added = own_added.of_call(model, [self._inputs, self._learning_phase])
        if not given_masks:
            self._following = list(model.updates)
            return self._outputs, added
        dropouts = own_masks.Dropouts(tf, own_names.all_layers(model))
        calls = dropouts.measure(lambda: model(self._fed()))
        self._layers = own_masks.named(calls)
        self._masks = [tf.placeholder(tf.float32, (None,) + shape) for _, shape in calls]
        self._inputs = self._fed()
        before = set(tf.get_default_graph().get_operations())
        with dropouts.given(self._masks):
            trained = model(self._inputs)
        self._following = [
            update
            for layer in own_names.all_layers(model)
            if not hasattr(layer, "layers")
            for update in layer.updates
            if getattr(update, "op", update) not in before
        ]
        fed = [self._inputs, self._learning_phase] + self._masks
        return trained, own_added.of_another(added, model, fed)

    def _fed(self) -> Any:
        """Return another input: 1.4 answers the same one from a cache, without calling layers.

        Nor can it be the model's own: 1.15 would take the product with a mask for a Keras layer.
        """
        own = self._model.inputs[0]
        return self._tf.placeholder(own.dtype, (None,) + tuple(own.get_shape().as_list()[1:]))


def _native(optimizer: Any) -> Any:
    if not hasattr(optimizer, "get_updates") or not hasattr(optimizer, "get_config"):
        raise own_losses.ModelUnknown(
            "run.keras: in TensorFlow 1.x the optimizer must be one of tf.keras.optimizers"
        )
    return optimizer
