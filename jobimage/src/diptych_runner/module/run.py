"""The run: what the user's own code is given, and what it tells.

Each helper that a control concerns takes from NumPy what the control shares, and leaves the rest
to the framework. Which of them the code really asked for is recorded.
"""

import math
import time
from typing import (
    Any,
    Callable,
    Dict,
    FrozenSet,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Tuple,
)

import numpy as np

from diptych_runner import seeding
from diptych_runner.contract import names
from diptych_runner.frameworks.base import (
    Framework,
    Masks,
    OwnModel,
    RandomLayer,
    Shape,
)
from diptych_runner.module import predictions
from diptych_runner.module.data import Examples
from diptych_runner.module.errors import Diverged, ModuleError
from diptych_runner.module.keras import Training
from diptych_runner.module.parameters import Parameters
from diptych_runner.module.record import Record
from diptych_runner.trials.batches import by_epoch
from diptych_runner.trials.probe import Probe

Tensors = Dict[str, np.ndarray]

#: What a run is made of; `defaults` tells the baseline's of a class, `checkpoint`
#: writes tensors of a step, `tell` tells the progress.
Setting = NamedTuple(
    "Setting",
    [
        ("seed", int),
        ("control", str),
        ("shared", FrozenSet[str]),
        ("parameters", Dict[str, Any]),
        ("examples", Examples),
        ("evaluators", List[str]),
        ("checkpoint_every", Optional[int]),
        ("probes", bool),
        ("framework", Framework),
        ("defaults", Callable[[str], Dict[str, str]]),
        ("checkpoint", Callable[[int, Tensors], None]),
        ("tell", Callable[[int, int], None]),
    ],
)


class Run(object):
    """One trial, as the user's own code sees it."""

    def __init__(self, setting: Setting) -> None:
        """Take what the plan and the framework give."""
        self.seed = setting.seed
        self.control = setting.control
        #: As in the YAML: whole numbers, and strings for the rest.
        self.parameters = Parameters(setting.parameters)
        self.record = Record()
        self._setting = setting
        self._orders = None  # type: Optional[np.random.RandomState]
        self._masks = {}  # type: Dict[str, Callable[[int], Masks]]
        self._streams = {}  # type: Dict[str, np.random.RandomState]
        self._pinned = []  # type: List[Any]
        self._last = time.perf_counter()

    @property
    def step(self) -> int:
        """How many steps were logged."""
        return len(self.record.losses)

    @property
    def data(self) -> Tuple[Tuple[np.ndarray, np.ndarray], Tuple[np.ndarray, np.ndarray]]:
        """The data set as Keras's load_data returns one: (x_train, y_train), (x_test, y_test).

        That of workload.data; without it, the handwritten digits that travel with the runner.
        """
        return self._setting.examples.pairs()

    @property
    def arrays(self) -> Dict[str, np.ndarray]:
        """Every array of the data set by its key in the npz file."""
        return self._setting.examples.arrays()

    def shares(self, aspect: str) -> bool:
        """Return whether the control holds an aspect equal, and note that the code asked."""
        held = aspect in self._setting.shared
        if held:
            self.record.shared.add(aspect)
        return held

    def probe_of(self, program: OwnModel) -> Optional[Probe]:
        """Return what takes the step that comes next apart; None when it is not to be."""
        drawn = self._setting.shared >= names.DRAWN_ASPECTS
        if self.step or not self._setting.probes or not drawn:
            return None
        self.record.probe = Probe(program, self.seed)
        return self.record.probe

    def initial_weights(self, shapes: List[Tuple[str, Shape]]) -> Optional[Tensors]:
        """Return weights by name for (name, shape) pairs; None: keep the framework's own."""
        if not self.shares(names.INITIAL_WEIGHTS):
            return None
        return seeding.initial_weights(self.seed, shapes)

    def batches(self, count: int, size: int) -> Iterator[np.ndarray]:
        """Yield one epoch's batches as places in a training set; the last may be smaller."""
        if count < 1 or size < 1:
            raise ModuleError(
                "run.batches: count and size must be at least 1, not {} and {}".format(count, size)
            )
        batches = by_epoch(count, size, self.permutation)
        for _ in range(-(-count // size)):
            places = next(batches)
            self.record.handed.batch(places)
            yield places

    def permutation(self, count: int) -> np.ndarray:
        """Return the order of an epoch: NumPy's where it is shared, else the framework's own."""
        if not self.shares(names.BATCH_ORDER):
            return self._setting.framework.permutation(count)
        if self._orders is None:
            self._orders = seeding.shared_orders(self.seed)
        return np.asarray(self._orders.permutation(count))

    def mask(self, name: str, rows: int, units: int, rate: float) -> Optional[np.ndarray]:
        """Return a dropout mask (rows, units) to multiply by; None: let the framework draw.

        Each name has a generator of its own, and each call takes the next numbers from it.
        """
        if not self.shares(names.MASKS):
            return None
        if name not in self._masks:
            layers = [RandomLayer(name, units, rate)]
            self._masks[name] = seeding.shared_masks(self.seed, layers)
        mask = self._masks[name](rows)[name]
        self.record.handed.mask(name, mask)
        return mask

    def masks_of(self, layers: List[RandomLayer]) -> Callable[[int], Masks]:
        """Return what draws the masks of a model's layers: a stream goes on, whoever is next."""
        return seeding.shared_masks(self.seed, layers, self._streams)

    def log(self, loss: Any, seconds: Optional[float] = None, **numbers: Any) -> None:
        """Record a step: its batch's loss under the weights before the update.

        `seconds` is how long it took; left out, the time since the last step. A loss that is not
        finite ends the trial as Diverged.
        """
        now = time.perf_counter()
        taken = now - self._last if seconds is None else seconds
        value = float(loss)
        self.record.add(value, taken, {name: float(each) for name, each in numbers.items()})
        self._setting.tell(self.step, self.record.planned)
        if not math.isfinite(value):
            raise Diverged("the loss of step {} is {}".format(self.step, value))
        self._last = time.perf_counter()

    @property
    def checkpoint_due(self) -> bool:
        """Whether the plan asks for a checkpoint at this step, besides the last one."""
        every = self._setting.checkpoint_every
        return self.step == 0 or (every is not None and self.step % every == 0)

    def checkpoint(
        self,
        weights: Tensors,
        slots: Optional[Tensors] = None,
        optimizer: Optional[Tensors] = None,
    ) -> None:
        """Record the state after this step: weights, slots by weight/slot, optimizer's scalars.

        Once before the first step and once after the last one are needed.
        """
        parts = (
            (names.WEIGHTS_PREFIX, weights),
            (names.SLOTS_PREFIX, slots or {}),
            (names.OPTIMIZER_PREFIX, optimizer or {}),
        )
        self.checkpoint_tensors(
            {
                prefix + key: np.asarray(value)
                for prefix, part in parts
                for key, value in part.items()
            }
        )

    def checkpoint_tensors(self, tensors: Tensors) -> None:
        """Record tensors that have their checkpoint keys already."""
        if not tensors:
            raise ModuleError("run.checkpoint: there is no tensor in it")
        self._setting.checkpoint(self.step, tensors)
        self.record.checkpoints.add(self.step)

    def predictions(self, outputs: Any, targets: Any) -> None:
        """Record what the trained model says of each test example, and what is right.

        The plan's metrics are computed from these; called again, the last call counts.
        """
        self.record.predictions = predictions.fitted(outputs, targets, self._setting.evaluators)
        self.record.asked.test(outputs)

    def pin_parameters(self, model: Any) -> None:
        """Make explicit what a model's optimizer leaves to the version, where that is shared.

        Once, whichever models have it: what was pinned would look chosen by the code.
        """
        if not self.shares(names.PARAMETERS) or any(model.optimizer is o for o in self._pinned):
            return
        found = self._setting.framework.pin_parameters(model, self._setting.defaults)
        self._pinned.append(model.optimizer)
        self.record.pin(found, len(self._pinned))

    def keras(self, model: Any) -> None:
        """Apply the control to a compiled Keras model and record its training.

        From here on `model.fit` is ours: the same updates, with initial weights, order of batches
        and masks as the control says, each step's loss, and checkpoints with slots.
        """
        framework = self._setting.framework
        if not framework.has_keras:
            raise ModuleError(
                "run.keras: {} has no such models; write the loop with run.batches, "
                "run.initial_weights, run.mask, run.log and run.checkpoint".format(framework.name)
            )
        Training(self, framework, model).take_over()
