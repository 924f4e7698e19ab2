"""mnist-mlp in TensorFlow 1.x: tf.keras in a graph; one session run a batch does what fit does.

tf.keras up to 1.12 brings optimizers of its own, which keep plain lists of variables; from 1.13
they are those of 2.x, which keep slots by variable.
"""

from typing import Any, Dict

import numpy as np

from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import keras_mlp
from diptych_runner.frameworks.tensorflow.graph_program import GraphProgram, state
from diptych_runner.frameworks.tensorflow.optimizers import graph, keras


class GraphMlpProgram(GraphProgram):
    """A tf.keras.Sequential in a session that Keras shares."""

    def __init__(self, tf: Any, session: Any, model: Any, parts: Dict[str, Any]) -> None:
        """Take the model, and the tensors by their role."""
        super().__init__(tf, session, parts)
        self._learning_phase = tf.keras.backend.learning_phase()
        self._model = model

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return softmax outputs (n, 10) without dropout."""
        feed = {self._parts["inputs"]: inputs, self._learning_phase: 0}
        return np.asarray(self._session.run(self._parts["outputs"], feed))

    def permutation(self, count: int) -> np.ndarray:
        """Shuffle as fit of 1.x does: NumPy's global generator."""
        order = np.arange(count)
        np.random.shuffle(order)  # noqa: NPY002 - it is what fit uses
        return order

    def framework_metrics(self, inputs: np.ndarray, targets: np.ndarray) -> Dict[str, float]:
        """Return what compile(metrics=["accuracy"]) and evaluate say of labels (n, 1)."""
        optimizer = self._parts["optimizer"].made
        self._model.compile(
            optimizer=optimizer, loss=self._parts["compiled_loss"], metrics=["accuracy"]
        )
        reported = self._model.evaluate(inputs, targets.reshape(-1, 1), verbose=0)
        return {"accuracy": float(reported[1])}

    def _fed(self, batch: base.Batch) -> Dict[Any, np.ndarray]:
        """Return what a step is fed with; labels go in as (n, 1)."""
        feed = {
            self._parts["inputs"]: batch.inputs,
            self._parts["targets"]: batch.targets.reshape(-1, 1),
            self._learning_phase: 1,
        }  # type: Dict[Any, Any]
        if "mask" in self._parts:
            (feed[self._parts["mask"]],) = batch.masks.values()
        return feed


def program(
    tf: Any, session: Any, problem: base.Mlp, optimizer: base.Optimizer, *, given_masks: bool
) -> GraphMlpProgram:
    """Build the model, its loss and its updates, and initialise every variable."""
    tf.keras.backend.set_session(session)
    model = keras_mlp.model(tf, problem)
    made = graph.KerasOptimizer(tf, keras.make(tf, optimizer))
    (inputs,), (outputs,) = model.inputs, model.outputs
    parts = {
        "inputs": inputs,
        "targets": tf.placeholder(tf.int64, [None, 1]),
        "outputs": outputs,
        "weights": keras_mlp.weights(model),
        "compiled_loss": keras_mlp.compiled_loss(tf, problem.loss),
    }  # type: Dict[str, Any]
    trained = outputs
    if given_masks:
        # Not the model's own input: 1.15 would take the product with the mask for a Keras layer.
        parts["inputs"] = tf.placeholder(tf.float32, (None,) + problem.input_shape)
        parts["mask"] = tf.placeholder(tf.float32, [None, problem.hidden])
        parts["outputs"] = model(parts["inputs"])
        trained = keras_mlp.masked(model, parts["inputs"], parts["mask"])
    parts["trained"] = trained
    parts["loss"] = keras_mlp.batch_loss(tf, problem.loss, parts["targets"], trained)
    variables = [variable for _, variable in parts["weights"]]
    parts.update(train=made.updates(parts["loss"], variables), optimizer=made)
    session.run(tf.global_variables_initializer())
    parts.update(state=state(made, parts["weights"]))
    return GraphMlpProgram(tf, session, model, parts)
