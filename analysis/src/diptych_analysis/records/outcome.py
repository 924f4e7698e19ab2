"""What reading one planned trial can give: Missing, Refused or Committed."""

from collections.abc import Mapping
from dataclasses import dataclass

from diptych_runner.contract import names
from diptych_runner.contract.trials import Trial, path_of


@dataclass(frozen=True)
class Missing:
    """A planned trial without a COMMIT."""

    trial: Trial


@dataclass(frozen=True)
class Refused:
    """A record that is not what its manifest says; it counts nowhere.

    `path` is relative to the trial's folder.
    """

    trial: Trial
    path: str
    why: str

    @property
    def reason(self) -> str:
        """The file, what is wrong with it and what to do."""
        folder = path_of(self.trial)
        return f"{self.path}: {self.why}; delete {folder} and run again to train it anew"


@dataclass(frozen=True)
class Setup:
    """What of environment.json decides whether trials can be compared."""

    framework: str
    requested: str
    reported: str
    cpu: str
    gpus: tuple[str, ...]
    driver: str | None
    shared: tuple[str, ...]
    effective: tuple[tuple[str, str], ...]
    #: This version's own values of what the plan leaves open.
    defaults: tuple[tuple[str, float], ...]
    #: Of what SharedNumerics switches off, what was on.
    switched_on: tuple[str, ...]
    runner_sha256: str
    user_sha256: str | None
    train_sha256: str
    test_sha256: str
    #: Arrays of the data: what each is, its dtype, shape and sha256; () where records tell none.
    parts: tuple[tuple[str, str, tuple[int, ...], str], ...] = ()
    #: What a control made explicit, and what was left open and stays with the version.
    pinned: tuple[tuple[str, str], ...] = ()
    not_pinned: tuple[str, ...] = ()
    #: How many models code of the user's own trained by run.keras; 0 where records tell none.
    models: int = 0
    #: What the trial says it was asked to train with, values as JSON, and its threads.
    parameters: tuple[tuple[str, str], ...] = ()
    threads: tuple[int, int] | None = None


@dataclass(frozen=True)
class Timing:
    """timing.json in brief: seconds and bytes; never part of a comparison of bits."""

    step_seconds: float | None
    wall_seconds: float
    peak_host_bytes: int
    peak_device_bytes: int | None
    peak_device_reason: str | None


@dataclass(frozen=True)
class Committed:
    """A verified record in brief; its arrays stay in the store until somebody needs them.

    `contents` holds, by npz path, the sha256 over (key, dtype, shape, bytes) of its arrays;
    `losses_sha256` is over the parsed lines of metrics.jsonl; `non_finite_step` is the first whose
    loss is not finite. `shapes` are of predictions.npz;
    `metrics` holds float64 values, by the plan's metric names, of a Succeeded trial; `reported`
    what the framework itself said at the last step, by its own names.
    """

    trial: Trial
    outcome: str
    attempt: str
    commit_sha256: str
    manifest_sha256: str
    steps: int
    error: str | None
    setup: Setup | None
    timing: Timing | None
    metrics_sha256: str | None
    losses_sha256: str | None
    non_finite_step: int | None
    contents: Mapping[str, str]
    shapes: Mapping[str, tuple[int, ...]]
    metrics: Mapping[str, float]
    reported: Mapping[str, float]
    #: Of inputs.jsonl, what each step was fed; null where that is not known of every step.
    inputs_sha256: str | None = None
    #: Digests of the first step's batch and of its masks, where they were recorded.
    first_batch: str | None = None
    first_masks: str | None = None
    #: Of the labels in predictions.npz.
    targets_sha256: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the training ended with finite predictions."""
        return self.outcome == names.SUCCEEDED

    @property
    def attempt_path(self) -> str:
        """The winning attempt's folder, relative to the comparison's."""
        return f"{path_of(self.trial)}/attempts/{self.attempt}"

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """Everything that must be equal, bit by bit, for two trials to be Identical."""
        return (self.outcome, self.steps, self.losses_sha256, tuple(sorted(self.contents.items())))


Record = Missing | Refused | Committed
