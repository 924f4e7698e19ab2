"""What a run has told: the code's losses and numbers, and what was found of its models."""

from typing import Any, Dict, List, Optional, Set, Tuple  # noqa: F401 - in type comments

import numpy as np

from diptych_runner.contract import names
from diptych_runner.frameworks.base import Pinned
from diptych_runner.module import rows
from diptych_runner.module.asked import Asked
from diptych_runner.module.handed import Handed
from diptych_runner.trials.inputs import InputLog
from diptych_runner.trials.probe import Probe  # noqa: F401 - in type comments


class Record(object):
    """What a run has told so far."""

    def __init__(self) -> None:
        """Start empty."""
        self.losses = []  # type: List[float]
        self.seconds = []  # type: List[float]
        self.numbers = {}  # type: Dict[int, Dict[str, float]]
        self.checkpoints = set()  # type: Set[int]
        self.shared = set()  # type: Set[str]
        self.predictions = None  # type: Optional[Tuple[np.ndarray, np.ndarray]]
        self.asked = Asked()
        self.inputs = InputLog()
        self.handed = Handed()
        self.probe = None  # type: Optional[Probe]
        self.effective = {}  # type: Dict[str, Any]
        self.pinned = Pinned({}, [], {})
        #: Those that run.keras trained.
        self.models = []  # type: List[Any]
        self._fits = 0
        #: Of what was fitted to first; None where the code does not tell.
        self.train_sha256 = None  # type: Optional[str]
        self.train_examples = 0
        #: Arrays of the data by what they are: dtype, shape, sha256.
        self.parts = {}  # type: Dict[str, Any]
        #: How many steps there will be, as far as it is known.
        self.planned = 0

    @property
    def fed(self) -> InputLog:
        """What steps of fits were fed; without any, those of a loop of the code's own."""
        return self.inputs or self.handed.log()

    def fitted(self, arrays: List[Tuple[str, np.ndarray]], sha256: str) -> None:
        """Note what a fit is given, and the sha256 of its rows: the first one's is the data set.

        What later ones are given may be computed by what was trained, as a teacher's outputs are.
        """
        self._fits += 1
        place = "" if self._fits == 1 else " of fit {}".format(self._fits)
        for what, array in arrays:
            self.parts["training {}{}".format(what, place)] = rows.part_of(array)
        if self._fits == 1:
            self.train_sha256, self.train_examples = sha256, len(arrays[0][1])

    def built(self, model: Any, effective: Dict[str, Any]) -> None:
        """Note a model that is trained, and its optimizer; compiled anew, the last one counts."""
        if not any(model is each for each in self.models):
            self.models.append(model)
        place = [each is model for each in self.models].index(True) + 1
        self.effective.update(_of(effective, "model", place))

    def pin(self, found: Pinned, place: int) -> None:
        """Add what was made explicit of an optimizer, the first or a later one."""
        self.pinned = Pinned(
            dict(self.pinned.pinned, **_of(found.pinned, "optimizer", place)),
            self.pinned.not_pinned + list(_of(dict.fromkeys(found.not_pinned), "optimizer", place)),
            dict(self.pinned.defaults, **_of(found.defaults, "optimizer", place)),
        )

    def add(self, loss: float, seconds: float, numbers: Dict[str, float]) -> None:
        """Add a step."""
        self.losses.append(loss)
        self.handed.step()
        self.seconds.append(seconds)
        if numbers:
            self.numbers[len(self.losses)] = numbers
        self.planned = max(self.planned, len(self.losses))

    def report(self, numbers: Dict[str, Any]) -> None:
        """Note what the framework itself says after the last step; arrays one by one."""
        if self.losses and numbers:
            named = {
                names.FRAMEWORK_PREFIX + name: value for name, value in flattened(numbers).items()
            }
            step = len(self.losses)
            self.numbers[step] = dict(self.numbers.get(step, {}), **named)


def flattened(numbers: Dict[str, Any]) -> Dict[str, float]:
    """Return numbers by name, those of an array by the name and their place.

    >>> sorted(flattened({"loss": 0.5, "f1": np.array([0.25, 1.0])}).items())
    [('f1_0', 0.25), ('f1_1', 1.0), ('loss', 0.5)]
    """
    found = {}
    for name, value in numbers.items():
        several = np.ravel(value)
        for place, each in enumerate(several):
            found[name if len(several) == 1 else "{}_{}".format(name, place)] = float(each)
    return found


def _of(settings: Dict[str, Any], what: str, place: int) -> Dict[str, Any]:
    """Return settings by name, and those of a second model or optimizer by names of their own.

    >>> _of({"rho": "0.9"}, "optimizer", 2)
    {'rho of optimizer 2': '0.9'}
    """
    if place == 1:
        return settings
    return {"{} of {} {}".format(name, what, place): settings[name] for name in settings}
