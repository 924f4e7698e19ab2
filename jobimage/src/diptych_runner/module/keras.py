"""fit for an ordinary Keras model, in our own loop: the same updates, with a control's share.

Keras's own fit hides a batch's examples, order and masks, and tells the batch's loss in one
version and a running mean in another. What this one does not know it refuses by name, rather than
train something else than the script asks for.
"""

import time
from typing import (  # noqa: F401 - in type comments
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Tuple,
)

import numpy as np

from diptych_runner import seeding
from diptych_runner.contract import names
from diptych_runner.frameworks.base import (  # noqa: F401 - in type comments
    Batch,
    Framework,
    Masks,
    OwnModel,
)
from diptych_runner.frameworks.numbers import number_of
from diptych_runner.module import arguments, rows
from diptych_runner.module.asked import inputs_of
from diptych_runner.module.callbacks import Callbacks, History, params_of_old
from diptych_runner.module.errors import ModuleError
from diptych_runner.module.weights import weights_of
from diptych_runner.trials.batches import no_masks

#: What fit has when nothing is said.
BATCH_SIZE = 32

#: What fit evaluates after an epoch, so many examples at a time.
Validation = NamedTuple("Validation", [("x", Any), ("y", Any), ("size", int)])

#: What else of a model trains it.
_OTHER_FITS = ("fit_generator", "train_on_batch")


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

    def take_over(self) -> None:
        """Put our fit in the place of the model's, and listen to its evaluate and predict."""
        model = self._model
        if getattr(model, "optimizer", None) is None:
            raise ModuleError("run.keras: the model is not compiled; call it after model.compile")
        if isinstance(getattr(model.fit, "__self__", None), Training):
            # Taken over already, and compiled anew perhaps: `compile` saw that.
            return
        self._evaluate, self._predict = model.evaluate, model.predict
        model.fit, model.evaluate, model.predict = self.fit, self.evaluate, self.predict
        self._compile, model.compile = model.compile, self.compile
        for name in _OTHER_FITS:
            if hasattr(model, name):
                setattr(model, name, arguments.refused(name))
        if self._framework.built_weights(model) is not None:
            self._initialise()

    def fit(  # noqa: PLR0913, PLR0917 - the arguments are those of Model.fit
        self,
        x: Any = None,
        y: Any = None,
        batch_size: Optional[int] = None,
        epochs: int = 1,
        verbose: Any = None,
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,  # noqa: FBT001, FBT002
        class_weight: Any = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        validation_batch_size: Optional[int] = None,
        **others: Any
    ) -> History:
        """Train as Model.fit does on arrays; return its history."""
        arguments.refuse(others, shuffle)
        inputs, targets, validation = arguments.split(
            arguments.array("x", x), arguments.array("y", y), validation_split, validation_data
        )
        weights = weights_of(targets, class_weight, sample_weight, validation_split)
        size = BATCH_SIZE if batch_size is None else int(batch_size)
        order = self._noted(inputs, targets, weights)
        program = self._built(inputs, targets, weighted=weights is not None)
        inputs, targets = program.fitted(inputs, targets)
        steps = -(-len(inputs) // size)
        self._run.record.planned = self._run.step + (epochs - initial_epoch) * steps
        params = {"epochs": epochs, "steps": steps, "verbose": arguments.verbosity(verbose)}
        if not program.is_fit_rewritten:
            params.update(
                params_of_old(self._model, size, len(inputs), validates=validation is not None)
            )
        validated = _validation(validation, validation_batch_size or size, callbacks)
        told = self._begun(program, callbacks, params)
        for epoch in range(initial_epoch, epochs):
            told.epoch_begin(epoch)
            program.reset_metrics()
            for place, chosen in enumerate(self._epoch(order, size, shuffle=shuffle)):
                own = None if weights is None else weights[chosen]
                batch = self._batch(inputs[chosen], targets[chosen], own, chosen)
                self._told_step(program, batch, told, place)
                if told.stopped:
                    break
            validates = program.is_fit_rewritten or not told.stopped
            told.epoch_end(epoch, self._results(program, validated if validates else None))
            if told.stopped:
                break
        if epochs > 0:
            program.finalize()
        told.train_end()
        # Once more where it is one of the plan's: the last two may have changed the weights.
        self._run.checkpoint_tensors(program.tensors())
        return told.history

    def compile(self, *given: Any, **named: Any) -> Any:
        """Compile as the model does: what is trained, and by what, holds for the next fit."""
        told = self._compile(*given, **named)
        self._program = None
        return told

    def evaluate(self, *given: Any, **named: Any) -> Any:
        """Evaluate as the model does, and record what the version calls its metrics."""
        told = self._evaluate(*given, **named)
        asked = self._run.record.asked
        asked.evaluated(self._run.step, inputs_of(given, named), self._by_name(told))
        return told

    def predict(self, *given: Any, **named: Any) -> Any:
        """Predict as the model does, and note of what."""
        outputs = self._predict(*given, **named)
        self._run.record.asked.predicted(inputs_of(given, named), outputs)
        return outputs

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
        self._run.record.fitted(parts, rows.sha256_of(arrays, found))
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
            self._initialise()
            layers = program.random_layers() if masks else []
            self._masks = self._run.masks_of(layers) if layers else no_masks
            self._run.record.built(self._model, program.effective_parameters())
            self._program = program
        if weighted != self._weighted:
            raise ModuleError(
                "run.keras: give every fit weights, of 1 where nothing is weighed, or compile the "
                "model anew between them"
            )
        if self._run.step == 0:
            self._run.checkpoint_tensors(self._program.tensors())
        return self._program

    def _initialise(self) -> None:
        """Replace what holds a draw still of a model that is built, where that is shared."""
        if not self._initialised and self._run.shares(names.INITIAL_WEIGHTS):
            shapes = self._framework.drawn_weights(self._model)
            weights = seeding.drawn_weights(self._run.seed, shapes)
            self._framework.assign_weights(self._model, weights)
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

    def _begun(self, program: OwnModel, callbacks: Any, params: Dict[str, Any]) -> Callbacks:
        arguments.refuse_grouped(callbacks, program.batches_at_once)
        if not program.is_fit_rewritten:
            own = self._model.metrics_names
            arguments.refuse_unheard(callbacks, own, ["loss"] + list(program.metric_results()))
        told = Callbacks(self._model, callbacks, params, running=program.is_fit_rewritten)
        told.train_begin()
        return told

    def _told_step(self, program: OwnModel, batch: Batch, told: Callbacks, place: int) -> None:
        told.batch_begin(place, len(batch.inputs))
        loss = self._step(program, batch)
        told.batch_end(place, loss, program.metric_results() if told.hear_batches else {})

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
        if program.rate is not None:
            self._run.record.report({names.LEARNING_RATE: program.rate})
        if self._run.checkpoint_due:
            self._run.checkpoint_tensors(program.tensors())
        return loss

    def _results(self, program: OwnModel, validation: Optional[Validation]) -> Dict[str, Any]:
        """Return the numbers of an epoch, its loss left out; an array of a metric of several."""
        found = program.metric_results()
        if validation is not None:
            found.update(self._validated(validation))
        return found

    def _validated(self, validation: Validation) -> Dict[str, Any]:
        told = self._by_name(
            self._evaluate(validation.x, validation.y, batch_size=validation.size, verbose=0)
        )
        self._run.record.report({"val_" + name: value for name, value in told.items()})
        # The script reads its history by Keras's own names.
        own = self._framework.metric_names_shown(self._model)
        return {"val_" + own.get(name, name): value for name, value in told.items()}

    def _by_name(self, told: Any) -> Dict[str, Any]:
        if isinstance(told, dict):
            return {name: number_of(value) for name, value in told.items()}
        values = told if isinstance(told, (list, tuple)) else [told]
        return {
            name: number_of(value)
            for name, value in zip(self._framework.metric_names(self._model), values)
        }


def _validation(
    given: Optional[Tuple[Any, Any]], size: int, callbacks: Any
) -> Optional[Validation]:
    """Return what to evaluate, if anything, once no callback hears more of it than is told."""
    if given is None:
        return None
    arguments.refuse_tested(callbacks)
    return Validation(given[0], given[1], size)
