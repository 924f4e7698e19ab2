"""Keras classifiers in TensorFlow 1.x: one session run a batch does what fit does.

tf.keras up to 1.12 brings optimizers of its own, which keep plain lists of variables; from 1.13
they are those of 2.x, which keep slots by variable.
"""

from typing import Any, Dict, List

import numpy as np

from diptych_runner.contract import names
from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import keras_losses, keras_models
from diptych_runner.frameworks.tensorflow.graph_program import GraphProgram, state
from diptych_runner.frameworks.tensorflow.optimizers import graph, keras


class GraphKerasProgram(GraphProgram):
    """A tf.keras model in a session that Keras shares."""

    def __init__(
        self, tf: Any, session: Any, problem: keras_models.Classifier, parts: Dict[str, Any]
    ) -> None:
        """Take the tensors by their role, and the model among them."""
        super().__init__(tf, session, parts)
        self._learning_phase = tf.keras.backend.learning_phase()
        self._problem = problem
        self._model = parts["model"]

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return softmax outputs (n, classes) without dropout."""
        outputs = []
        for fed in keras_models.in_pieces(self._whole(inputs)):
            feed = dict(zip(self._model.inputs, fed))
            feed[self._learning_phase] = 0
            outputs.append(self._session.run(self._parts["outputs"], feed))
        return np.concatenate(outputs)

    def permutation(self, count: int) -> np.ndarray:
        """Shuffle as fit of 1.x does: NumPy's global generator."""
        order = np.arange(count)
        np.random.shuffle(order)  # noqa: NPY002 - it is what fit uses
        return order

    def uniform(self, shape: base.Shape) -> np.ndarray:
        """Run tf.random_uniform once more."""
        feed = {self._parts["uniform_shape"]: np.array(shape, dtype=np.int32)}
        return np.asarray(self._session.run(self._parts["uniform"], feed))

    def framework_metrics(self, inputs: np.ndarray, targets: np.ndarray) -> Dict[str, float]:
        """Return what compile(metrics=["accuracy"]) and evaluate say of labels (n, 1)."""
        optimizer = self._parts["optimizer"].made
        loss = keras_losses.compiled_loss(self._tf, self._problem.loss)
        self._model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
        fed = keras_models.joined(self._whole(inputs))
        reported = self._model.evaluate(fed, targets.reshape(-1, 1), verbose=0)
        return {"accuracy": float(reported[1])}

    def _whole(self, inputs: np.ndarray) -> List[np.ndarray]:
        """Return inputs with the mask that drops nothing, where the model takes one."""
        given_masks = len(self._model.inputs) > 1
        return keras_models.undropped(self._problem, inputs, given_masks=given_masks)

    def _fed(self, batch: base.Batch) -> Dict[Any, Any]:
        """Return what a step is fed with; labels go in as (n, 1)."""
        fed = [batch.inputs] + list(batch.masks.values())
        feed = dict(zip(self._model.inputs, fed))  # type: Dict[Any, Any]
        feed[self._parts["targets"]] = batch.targets.reshape(-1, 1)
        feed[self._learning_phase] = 1
        return feed


def program(
    tf: Any,
    session: Any,
    problem: keras_models.Classifier,
    optimizer: base.Optimizer,
    *,
    given_masks: bool
) -> GraphKerasProgram:
    """Build the model, its loss and its updates, and initialise every variable."""
    tf.keras.backend.set_session(session)
    built = keras_models.build(tf, problem, given_masks=given_masks)
    made = graph.KerasOptimizer(tf, keras.make(tf, optimizer))
    (outputs,) = built.model.outputs
    targets = tf.placeholder(tf.int64, [None, 1])
    parts = {
        "model": built.model,
        "targets": targets,
        "outputs": outputs,
        "weights": built.weights,
        "loss": keras_losses.batch_loss(tf, problem.loss, targets, outputs),
        "optimizer": made,
    }  # type: Dict[str, Any]
    updates = made.updates(parts["loss"], [variable for _, variable in built.weights])
    # Moving means follow the batches beside the optimizer's updates, as in fit.
    parts["train"] = tf.group(updates, *built.model.updates)
    parts["uniform_shape"] = tf.placeholder(tf.int32, [None])
    parts["uniform"] = tf.random_uniform(parts["uniform_shape"])
    session.run(tf.global_variables_initializer())
    parts["state"] = state(made, built.weights)
    for name, variable in built.statistics:
        parts["state"][names.STATISTICS_PREFIX + name] = variable
    return GraphKerasProgram(tf, session, problem, parts)
