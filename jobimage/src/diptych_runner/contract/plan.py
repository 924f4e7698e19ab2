"""The plan as it travels: axes, and the arithmetic between a trial and its index.

A plan never lists its trials. They follow from the axes in a fixed order, seed outermost and
version innermost, so that any prefix is balanced over versions. Within a seed come the cells
(control, setting, repeat) that cover it; a cell covers the first `seeds` seeds of the plan.

The same arithmetic serves the planner, both engines, the runner on Python 3.5 and the analysis.
"""

import json
from typing import Any, Callable, Dict, FrozenSet, Iterator, List, NamedTuple, Sequence, Tuple

from diptych_runner.contract import hashing, names, tables
from diptych_runner.contract.trials import Trial, trial_as_json

Cell = NamedTuple("Cell", [("control", str), ("setting", int), ("repeat", int), ("seeds", int)])


class PlanError(ValueError):
    """The plan cannot be used; the message says which part and why."""


class Plan(object):
    """A plan's axes and the trials that follow from them.

    Attributes follow docs/record-format.md; `document` is the whole JSON object.
    """

    def __init__(self, document: Dict[str, Any]) -> None:
        """Take a parsed plan.json; raise PlanError when its version or its hash is off."""
        if document.get("schemaVersion") != names.SCHEMA_VERSION:
            raise PlanError(
                "plan: schemaVersion {!r} is not understood; this code reads {}".format(
                    document.get("schemaVersion"), names.SCHEMA_VERSION
                )
            )
        self.document = document
        self.axes = document["axes"]  # type: Dict[str, Any]
        self.sha256 = document["sha256"]  # type: str
        if hashing.sha256_of_json(self.axes) != self.sha256:
            raise PlanError(
                "plan: the axes do not have the sha256 the plan states ({}); "
                "the file was changed after it was made".format(self.sha256)
            )
        self.name = document["comparison"]["name"]  # type: str
        self.uid = document["comparison"]["uid"]  # type: str
        self.versions = [entry["name"] for entry in self.axes["versions"]]  # type: List[str]
        self.seeds = self.axes["seeds"]  # type: List[int]
        self.cells = [
            Cell(cell["control"], cell["setting"], cell["repeat"], cell["seeds"])
            for cell in self.axes["cells"]
        ]
        self.trials_per_pod = document["execution"]["trialsPerPod"]  # type: int
        self.retries_per_trial = document["execution"]["retriesPerTrial"]  # type: int
        self._aspects = {}  # type: Dict[int, List[str]]
        self._ordinals = {name: place for place, name in enumerate(self.versions)}
        self._seed_places = {seed: place for place, seed in enumerate(self.seeds)}

    @classmethod
    def from_text(cls, text: str) -> "Plan":
        """Read plan.json's text; raise PlanError when it is not a plan."""
        try:
            return cls(json.loads(text))
        except PlanError:
            raise
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise PlanError("plan: not a plan ({}: {})".format(type(error).__name__, error))

    @property
    def folder(self) -> str:
        """The comparison's folder in the store: its name and eight digits of its uid."""
        return folder_of(self.name, self.uid)

    @property
    def trials_per_version(self) -> int:
        """How many trials each version runs."""
        return sum(cell.seeds for cell in self.cells)

    @property
    def trial_count(self) -> int:
        """How many trials the whole comparison runs."""
        return self.trials_per_version * len(self.versions)

    @property
    def blocks_per_version(self) -> int:
        """How many blocks of `trials_per_pod` trials each version has; the last may be short."""
        return -(-self.trials_per_version // self.trials_per_pod)

    def version(self, name: str) -> Dict[str, Any]:
        """Return the plan's entry of one version; raise PlanError when there is none."""
        try:
            entry = self.axes["versions"][self._ordinals[name]]  # type: Dict[str, Any]
        except KeyError:
            raise PlanError(
                "plan: version {!r} is not one of {}".format(name, ", ".join(self.versions))
            )
        return entry

    def stated(self, trial: Trial) -> Tuple[str, Dict[str, Any]]:
        """Return what COMMIT and manifest of a trial say: the plan's sha256, and which trial."""
        return self.sha256, dict(trial_as_json(trial))

    def parameters(self, setting: int) -> Dict[str, Any]:
        """Return the workload's parameters under a setting of the sweep; 0 is as given."""
        merged = dict(self.axes["workload"]["parameters"])
        merged.update(self.axes["settings"][setting])
        return merged

    def pinned(self, setting: int) -> Dict[str, str]:
        """Return the parameters that are explicit once a control shares them: the baseline's."""
        return dict(self.axes["pinned"][setting]) if "pinned" in self.axes else {}

    def aspects(self, setting: int = 0) -> List[str]:
        """Return what a control can hold equal in the workload; in a module, everything."""
        if setting not in self._aspects:
            builtin = self.axes["workload"]["builtin"]
            self._aspects[setting] = tables.aspects_in(builtin, self.parameters(setting))
        return self._aspects[setting]

    def shared(self, trial: Trial) -> FrozenSet[str]:
        """Return what a trial really holds equal across versions."""
        return effective_aspects(trial.control, self.aspects(trial.setting))

    def probes(self, trial: Trial) -> bool:
        """Return whether a trial's first step is taken apart: under the strictest control.

        Only where weights, batches and masks are shared, as far as the workload has them.
        """
        strictest = max((cell.control for cell in self.cells), key=names.CONTROLS.index)
        drawn = names.DRAWN_ASPECTS & frozenset(self.aspects(trial.setting))
        return trial.control == strictest and drawn <= self.shared(trial)

    def trial(self, index: int) -> Trial:
        """Return the trial of a position in the plan's order; the inverse of `index`.

        Raises IndexError outside 0 .. trial_count - 1.
        """
        if not 0 <= index < self.trial_count:
            raise IndexError("trial {} of {}".format(index, self.trial_count))
        turn, ordinal = divmod(index, len(self.versions))
        return self._trial_of_turn(turn, self.versions[ordinal])

    def index(self, trial: Trial) -> int:
        """Return a trial's position in the plan's order; the inverse of `trial`.

        Raises KeyError when the plan does not have this trial.
        """
        place = self._seed_places[trial.seed]
        turn = self._turns_before(place)
        for cell in self.cells:
            if cell.seeds <= place:
                continue
            if (cell.control, cell.setting, cell.repeat) == trial[1:3] + trial[4:]:
                return turn * len(self.versions) + self._ordinals[trial.version]
            turn += 1
        raise KeyError(trial)

    def trials(self) -> Iterator[Trial]:
        """Yield every trial in the plan's order."""
        for place, seed in enumerate(self.seeds):
            for cell in self.cells:
                if place < cell.seeds:
                    for version in self.versions:
                        yield Trial(version, cell.control, cell.setting, seed, cell.repeat)

    def block(self, version: str, number: int) -> List[Trial]:
        """Return block `number` of one version: consecutive trials of that version.

        Raises PlanError for an unknown version or block.
        """
        self.version(version)
        if not 0 <= number < self.blocks_per_version:
            raise PlanError(
                "plan: block {} of version {} is outside 0..{}".format(
                    number, version, self.blocks_per_version - 1
                )
            )
        first = number * self.trials_per_pod
        last = min(first + self.trials_per_pod, self.trials_per_version)
        return [self._trial_of_turn(turn, version) for turn in range(first, last)]

    def _turns_before(self, place: int) -> int:
        return sum(min(cell.seeds, place) for cell in self.cells)

    def _trial_of_turn(self, turn: int, version: str) -> Trial:
        place = _last_place(len(self.seeds), turn, self._turns_before)
        rest = turn - self._turns_before(place)
        covering = [cell for cell in self.cells if place < cell.seeds]
        cell = covering[rest]
        return Trial(version, cell.control, cell.setting, self.seeds[place], cell.repeat)


def _last_place(count: int, turn: int, turns_before: Callable[[int], int]) -> int:
    """Return the last place whose first turn is at most `turn`, by bisection."""
    low, high = 0, count - 1
    while low < high:
        middle = (low + high + 1) // 2
        if turns_before(middle) <= turn:
            low = middle
        else:
            high = middle - 1
    return low


def folder_of(name: str, uid: str) -> str:
    """Return the comparison's folder in a store: name and the first eight digits of the uid."""
    return "{}-{}".format(name, uid[:8])


def document_of(
    comparison: Dict[str, str],
    axes: Dict[str, Any],
    execution: Dict[str, Any],
    analysis: Dict[str, Any],
) -> Dict[str, Any]:
    """Assemble plan.json from its parts, with the hash of the axes."""
    return {
        "schemaVersion": names.SCHEMA_VERSION,
        "comparison": comparison,
        "sha256": hashing.sha256_of_json(axes),
        "axes": axes,
        "execution": execution,
        "analysis": analysis,
    }


def effective_aspects(control: str, aspects: Sequence[str]) -> FrozenSet[str]:
    """Return what `control` really holds equal in a workload that has these aspects."""
    return names.shared_aspects(control) & frozenset(aspects)
