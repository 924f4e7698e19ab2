"""fit for an ordinary Keras model, in our own loop: the same updates, with a control's share.

Keras's own fit hides a batch's examples, order and masks, and tells the batch's loss in one
version and a running mean in another. What this one does not know it refuses by name, rather than
train something else than the script asks for.
"""

import time
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

import numpy as np

from diptych_runner import seeding
from diptych_runner.contract import hashing, names
from diptych_runner.frameworks.base import (  # noqa: F401 - in type comments
    Batch,
    Framework,
    Masks,
    OwnModel,
)
from diptych_runner.module import rows
from diptych_runner.module.callbacks import Callbacks, History
from diptych_runner.module.errors import ModuleError
from diptych_runner.module.weights import weights_of
from diptych_runner.trials.batches import no_masks

#: What fit has when nothing is said.
BATCH_SIZE = 32

#: Arguments of fit that change nothing here.
_WITHOUT_EFFECT = frozenset(
    ("workers", "use_multiprocessing", "max_queue_size", "validation_batch_size")
)


class Training(object):
    """A model whose fit and evaluate are ours."""

    def __init__(self, run: Any, framework: Framework, model: Any) -> None:
        """Take a compiled model."""
        self._run = run
        self._framework = framework
        self._model = model
        self._program = None  # type: Optional[OwnModel]
        self._weighted = False
        self._initialised = False
        self._masks = None  # type: Optional[Callable[[int], Masks]]
        self._trained_on = []  # type: List[str]

    def take_over(self) -> None:
        """Put our fit in the place of the model's, and listen to its evaluate and predict."""
        model = self._model
        if getattr(model, "optimizer", None) is None:
            raise ModuleError("run.keras: the model is not compiled; call it after model.compile")
        self._evaluate, self._predict = model.evaluate, model.predict
        model.fit, model.evaluate, model.predict = self.fit, self.evaluate, self.predict
        # Weights that the script loads after this line are its own.
        shapes = self._framework.built_weights(model)
        if shapes is not None:
            self._initialise(lambda weights: self._framework.assign_weights(model, weights), shapes)

    def fit(  # noqa: PLR0913, PLR0917 - the arguments are those of Model.fit
        self,
        x: Any = None,
        y: Any = None,
        batch_size: Optional[int] = None,
        epochs: int = 1,
        verbose: Any = None,  # noqa: ARG002 - in its place among them
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,  # noqa: FBT001, FBT002
        class_weight: Any = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        **others: Any
    ) -> History:
        """Train as Model.fit does on arrays; return its history."""
        _refuse(others)
        inputs, targets, validation = _split(
            _array("x", x), _array("y", y), validation_split, validation_data
        )
        weights = weights_of(targets, class_weight, sample_weight, validation_split)
        size = BATCH_SIZE if batch_size is None else int(batch_size)
        order = self._noted(inputs, targets, weights)
        program = self._built(inputs, targets, weighted=weights is not None)
        inputs, targets = program.fitted(inputs, targets)
        steps = (epochs - initial_epoch) * -(-len(inputs) // size)
        self._run.record.planned = self._run.step + steps
        told = Callbacks(self._model, callbacks, {"epochs": epochs, "steps": steps})
        told.train_begin()
        for epoch in range(initial_epoch, epochs):
            told.epoch_begin(epoch)
            program.reset_metrics()
            for place, chosen in enumerate(self._epoch(order, size, shuffle=shuffle)):
                told.batch_begin(place)
                own = None if weights is None else weights[chosen]
                batch = self._batch(inputs[chosen], targets[chosen], own, chosen)
                loss = self._step(program, batch)
                told.batch_end(place, loss, len(chosen))
            logs = program.metric_results()
            if validation is not None:
                logs.update(self._validated(validation))
            told.epoch_end(epoch, logs)
            if told.stopped:
                break
        told.train_end()
        if self._run.step not in self._run.record.checkpoints:
            self._run.checkpoint_tensors(program.tensors())
        self._model.history = told.history
        return told.history

    def evaluate(self, *arguments: Any, **named: Any) -> Any:
        """Evaluate as the model does, and record what the version calls its metrics."""
        told = self._evaluate(*arguments, **named)
        self._run.record.report(self._by_name(told))
        return told

    def predict(self, *arguments: Any, **named: Any) -> Any:
        """Predict as the model does, and note of what: of the test set, the last time."""
        inputs = arguments[0] if arguments else named.get("x")
        self._run.record.predicted_on = inputs if isinstance(inputs, np.ndarray) else None
        return self._predict(*arguments, **named)

    def _noted(
        self, inputs: np.ndarray, targets: np.ndarray, weights: Optional[np.ndarray]
    ) -> np.ndarray:
        """Note what is trained on; return the places that an order of batches counts in."""
        parts = [("inputs", inputs), ("targets", targets)]
        if weights is not None:
            parts.append(("weights", weights))
        arrays = [array for _, array in parts]
        found = rows.digests(arrays)
        self._examples = np.frombuffer(b"".join(found), dtype=np.uint8).reshape(len(found), -1)
        self._trained_on.append(rows.sha256_of(arrays, found))
        record = self._run.record
        record.train_examples = len(inputs)
        place = "" if len(self._trained_on) == 1 else " of fit {}".format(len(self._trained_on))
        for what, array in parts:
            record.parts["training {}{}".format(what, place)] = rows.part_of(array)
        record.train_sha256 = (
            self._trained_on[0]
            if len(self._trained_on) == 1
            else hashing.sha256_of_json(self._trained_on)
        )
        if self._run.shares(names.BATCH_ORDER):
            return rows.order_of(found)
        return np.arange(len(inputs))

    def _built(self, inputs: np.ndarray, targets: np.ndarray, *, weighted: bool) -> OwnModel:
        """Return the model as a program; it is built anew when it was compiled anew."""
        if self._program is None or not self._program.is_of(self._model):
            self._run.pin_parameters(self._model)
            masks = self._run.shares(names.MASKS)
            program = self._framework.own_model(
                self._model, inputs, targets, given_masks=masks, weighted=weighted
            )
            self._weighted = weighted
            self._initialise(program.assign_weights, program.weight_shapes())
            layers = program.random_layers() if masks else []
            self._masks = seeding.shared_masks(self._run.seed, layers) if layers else no_masks
            self._run.record.effective = program.effective_parameters()
            self._program = program
        if weighted != self._weighted:
            raise ModuleError(
                "run.keras: give every fit weights, of 1 where nothing is weighed, or compile the "
                "model anew between them"
            )
        if self._run.step == 0:
            self._run.checkpoint_tensors(self._program.tensors())
        return self._program

    def _initialise(self, assign: Callable[[Any], None], shapes: List[Tuple[str, Any]]) -> None:
        if self._initialised:
            return
        weights = self._run.initial_weights(shapes)
        if weights is not None:
            assign(weights)
        self._initialised = True

    def _epoch(self, order: np.ndarray, size: int, *, shuffle: bool) -> Iterator[np.ndarray]:
        # A shared order counts for a script that does not shuffle too.
        count = len(order)
        shuffled = shuffle or self._run.shares(names.BATCH_ORDER)
        places = self._run.permutation(count) if shuffled else np.arange(count)
        for first in range(0, count, size):
            yield order[np.asarray(places[first : first + size]).astype(np.int64)]

    def _batch(
        self,
        inputs: np.ndarray,
        targets: np.ndarray,
        weights: Optional[np.ndarray],
        chosen: np.ndarray,
    ) -> Batch:
        masks = self._masks or no_masks
        batch = Batch(inputs, targets, masks(len(inputs)), weights)
        # By content: places mean nothing where code holds its examples in an order of its own.
        self._run.record.inputs.add(self._examples[chosen], batch.masks)
        return batch

    def _step(self, program: OwnModel, batch: Batch) -> float:
        probe = self._run.probe_of(program)
        if probe is not None:
            probe.before(batch)
        begun = time.perf_counter()
        loss = program.step(batch)
        seconds = time.perf_counter() - begun
        if probe is not None:
            probe.after()
        self._run.log(loss, seconds=seconds)
        if self._run.checkpoint_due:
            self._run.checkpoint_tensors(program.tensors())
        return loss

    def _validated(self, validation: Tuple[Any, Any]) -> Dict[str, float]:
        told = self._by_name(self._evaluate(validation[0], validation[1], verbose=0))
        self._run.record.report({"val_" + name: value for name, value in told.items()})
        # The script reads its history by Keras's own names.
        own = self._framework.metric_names_shown(self._model)
        return {"val_" + own.get(name, name): value for name, value in told.items()}

    def _by_name(self, told: Any) -> Dict[str, float]:
        if isinstance(told, dict):
            return {name: float(value) for name, value in told.items()}
        values = told if isinstance(told, (list, tuple)) else [told]
        return {
            name: float(value)
            for name, value in zip(self._framework.metric_names(self._model), values)
        }


def _array(name: str, value: Any) -> np.ndarray:
    """Return one array; refuse what fit takes besides."""
    if value is None:
        raise ModuleError(
            "run.keras: fit needs arrays x and y, and {} is not given; make arrays of a data set "
            "that holds both".format(name)
        )
    if isinstance(value, (dict, list, tuple)) and not _is_plain(value):
        raise ModuleError("run.keras: fit takes one array as {}, not several".format(name))
    if hasattr(value, "numpy"):
        value = value.numpy()
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or array.ndim == 0:
        raise ModuleError(
            "run.keras: fit takes an array of numbers as {}, not {}; make arrays of a data set or "
            "a generator (numpy.concatenate([x for x, y in batches])), or write the loop with "
            "run.batches and run.log".format(name, type(value).__name__)
        )
    return array


def _is_plain(value: Any) -> bool:
    """Return whether a list is one of numbers, and not of arrays."""
    return not isinstance(value, dict) and not any(hasattr(each, "shape") for each in value)


def _split(
    inputs: np.ndarray, targets: np.ndarray, share: float, validation: Any
) -> Tuple[np.ndarray, np.ndarray, Optional[Tuple[Any, Any]]]:
    """Return what is trained on and what is validated on; a share is taken from the end."""
    if len(inputs) != len(targets) or len(inputs) == 0:
        raise ModuleError(
            "run.keras: fit takes as many rows in x as in y, not {} and {}".format(
                len(inputs), len(targets)
            )
        )
    if validation is not None:
        if not isinstance(validation, (list, tuple)) or len(validation) != 2:
            raise ModuleError("run.keras: fit takes validation_data as (x, y)")
        return inputs, targets, (validation[0], validation[1])
    if not share:
        return inputs, targets, None
    first = int(len(inputs) * (1.0 - share))
    return inputs[:first], targets[:first], (inputs[first:], targets[first:])


def _refuse(others: Dict[str, Any]) -> None:
    """Raise ModuleError for arguments that would change the training and are not known here."""
    unknown = sorted(
        name for name, value in others.items() if value is not None and name not in _WITHOUT_EFFECT
    )
    if unknown:
        raise ModuleError(
            "run.keras: fit does not take {} here; leave it out, or write the loop with "
            "run.batches and run.log".format(", ".join(unknown))
        )
