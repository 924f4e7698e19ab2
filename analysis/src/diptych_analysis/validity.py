"""Preflight after the fact: may these trials be compared at all? Each rule names its trials."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from diptych_analysis import as_planned, data
from diptych_analysis.records.outcome import Committed, Record, Setup
from diptych_analysis.records.table import Table
from diptych_runner.contract.trials import path_of

Key = Callable[[Committed], Hashable]


@dataclass(frozen=True)
class Problem:
    """Why trials cannot be compared, and which ones stand out: those to look at first.

    `rule` is a word for programs; `text` a sentence without a full stop.
    """

    rule: str
    text: str
    trials: tuple[str, ...]


def problems(table: Table, baseline: str, candidate: str) -> list[Problem]:
    """Return why two versions' trials cannot be compared, most fundamental first; [] when none.

    Over every committed trial of both versions, under every control and setting.
    """
    records = list(table.committed(baseline, candidate))
    gpus = [record for record in records if record.setup and record.setup.gpus]
    found = [
        *_wrong_framework(table, records),
        *_without_gpu(table, records),
        *_otherwise_trained(table, records),
        *_unequal("GpuModel", "GPU models", records, _of_setup(lambda setup: setup.gpus)),
        *_unequal("GpuDriver", "GPU drivers", gpus, _of_setup(lambda setup: setup.driver)),
        *_unequal("RunnerCode", "the runner's sources", records, _of_setup(_runner)),
        *_unequal("UserCode", "the user's sources", records, _of_setup(_user)),
    ]
    # Data may change with the setting and the seed, and what is shared with the control.
    by_seed = _grouped(records, lambda r: (r.trial.setting, r.trial.seed))
    # One's own code tells of its data when it comes to them, and a trial may end before.
    predicted = [[record for record in group if record.shapes] for group in by_seed]
    fitted = [[record for record in group if _tells_training_set(record)] for group in by_seed]
    # A sha256 is what a trial says of its test set: the labels that lie beside it must agree.
    tested = _grouped(
        [record for group in predicted for record in group],
        lambda r: (r.trial.setting, r.trial.seed, _shapes(r), _of_setup(data.test_set)(r)),
    )
    asked = _grouped([r for r in records if r.setup and r.setup.parameters], _setting)
    by_control = _grouped(records, lambda r: r.trial.control)
    for rule, what, groups, key in (
        ("TestSet", "the test sets", predicted, _of_setup(data.test_set)),
        ("TestSet", "the labels in predictions.npz", tested, lambda r: r.targets_sha256),
        ("TrainingSet", "the training sets", fitted, _of_setup(data.training_set)),
        ("Shapes", "the shapes of predictions", predicted, _shapes),
        ("Control", "the aspects shared under one control", by_control, _of_setup(_shared)),
        ("Parameters", "the parameters asked for", asked, _of_setup(_parameters)),
        ("Threads", "the threads under one control", by_control, _of_setup(_threads)),
    ):
        if rule in as_planned.RULES and any(problem.rule == rule for problem in found):
            continue  # said already, and of which trials
        found += _once([each for group in groups for each in _unequal(rule, what, group, key)])
    return found


def _tells_training_set(record: Committed) -> bool:
    if record.outcome == "Succeeded" or record.setup is None:
        return True
    return data.has_training_set(record.setup)


def _once(found: Sequence[Problem]) -> list[Problem]:
    """Return one problem for a rule: a hundred seeds would say the same a hundred times."""
    if not found:
        return []
    trials = tuple(trial for problem in found for trial in problem.trials)
    return [Problem(found[0].rule, found[0].text, trials)]


def ran_on_cpu(table: Table, *versions: str) -> bool:
    """Say whether the accelerator was optional and no trial of these versions used one."""
    if table.plan.axes["accelerator"] != "Optional":
        return False
    setups = [record.setup for record in table.committed(*versions) if record.setup]
    return bool(setups) and not any(setup.gpus for setup in setups)


def mixed_processors(table: Table, baseline: str, candidate: str) -> str | None:
    """Return that trials without a GPU ran on several CPU models; None when on one.

    Equal code may compute other bits on another model: a difference may be the processor's.
    """
    models: dict[str, set[str]] = {baseline: set(), candidate: set()}
    for record in table.committed(baseline, candidate):
        if record.setup and not record.setup.gpus:
            models[record.trial.version].add(record.setup.cpu)
    left, right = models.values()
    if len(left | right) < 2:
        return None
    if left and right and not left & right:
        return (
            f"{baseline} ran on {_text(tuple(sorted(left)))} and {candidate} on "
            f"{_text(tuple(sorted(right)))}: the difference may be the processor's"
        )
    return (
        f"The trials ran on {len(left | right)} CPU models ({_text(tuple(sorted(left | right)))}), "
        "on which equal code may compute other bits"
    )


def outcome_rates(records: Sequence[Record]) -> tuple[int, int, int]:
    """Return how many records Diverged, Failed, and are missing or refused."""
    outcomes = [r.outcome if isinstance(r, Committed) else "" for r in records]
    return outcomes.count("Diverged"), outcomes.count("Failed"), outcomes.count("")


def _wrong_framework(table: Table, records: Iterable[Committed]) -> list[Problem]:
    wrong: dict[tuple[str, str], list[Committed]] = {}
    framework = table.plan.axes["framework"]
    for record in records:
        if record.setup is None:
            continue
        expected = table.plan.version(record.trial.version)["version"]
        told = (record.setup.framework, record.setup.requested, record.setup.reported)
        if told != (framework, expected, expected):
            text = (
                f"version {record.trial.version} asks for {framework} {expected} but its image "
                f"has {record.setup.framework} {record.setup.reported}"
                f"{_other_request(record.setup, expected)}"
            )
            wrong.setdefault((record.trial.version, text), []).append(record)
    return [
        Problem("FrameworkVersion", f"{text} ({_which(records)})", _paths(records))
        for (_, text), records in wrong.items()
    ]


def _other_request(setup: Setup, expected: str) -> str:
    return "" if setup.requested == expected else f" and was asked for {setup.requested}"


def _otherwise_trained(table: Table, records: Iterable[Committed]) -> list[Problem]:
    """Return, by what a trial says against its plan, the trials that say it."""
    wrong: dict[tuple[str, str], list[Committed]] = {}
    for record in records:
        for said in as_planned.against_the_plan(table.plan, record):
            wrong.setdefault(said, []).append(record)
    found: dict[str, Problem] = {}
    for (rule, text), trials in wrong.items():
        first = found.get(rule, Problem(rule, f"{text} ({_which(trials)})", ()))
        found[rule] = Problem(rule, first.text, (*first.trials, *_paths(trials)))
    return list(found.values())


def _without_gpu(table: Table, records: Iterable[Committed]) -> list[Problem]:
    if table.plan.axes["accelerator"] != "Required":
        return []
    known = [record for record in records if record.setup]
    bare = [record for record in known if record.setup and not record.setup.gpus]
    # A framework may list a GPU that it puts nothing on, where its libraries do not load.
    idle = [
        record
        for record in known
        if record.setup
        and record.setup.gpus
        and record.timing
        and record.timing.peak_device_bytes == 0
    ]
    found = []
    for wrong, what in (
        (bare, "ran on the CPU though a GPU is required"),
        (idle, "saw a GPU and put nothing on it, though one is required"),
    ):
        if wrong:
            versions = " and ".join(sorted({record.trial.version for record in wrong}))
            text = f"{len(wrong)} trials of {versions} {what}"
            found.append(Problem("Accelerator", text, _paths(wrong)))
    return found


def _unequal(rule: str, what: str, records: Iterable[Committed], key: Key) -> list[Problem]:
    """Return a problem when `key` differs among records that have an environment.

    The most frequent value is taken for the usual one, of equals the first: the other trials
    stand out.
    """
    groups = _grouped([record for record in records if record.setup is not None], key)
    if len(groups) < 2:
        return []
    usual, *others = sorted(groups, key=lambda group: -len(group))
    told = f"{_text(key(usual[0]))} in {_which(usual)} and " + " and ".join(
        f"{_text(key(group[0]))} in {_which(group)}" for group in others[:1]
    )
    more = "" if len(others) == 1 else f", and {len(others) - 1} more"
    odd = [record for group in others for record in group]
    where = data.parts_that_differ(key(usual[0]), key(others[0][0]))
    return [Problem(rule, f"{what} differ{where}: {told}{more}", _paths(odd))]


def _which(records: Sequence[Committed]) -> str:
    """Return the trials in words: the one, or how many of which versions."""
    versions = " and ".join(sorted({record.trial.version for record in records}))
    if len(records) == 1:
        return f"seed {records[0].trial.seed} of {versions}"
    return f"{len(records)} trials of {versions}"


def _paths(records: Iterable[Committed]) -> tuple[str, ...]:
    return tuple(path_of(record.trial) for record in records)


def _text(value: object) -> str:
    """Return a value for a sentence: hashes shortened, tuples joined, nothing as 'none'."""
    if isinstance(value, data.DataSet):
        return value.sha256[:12]
    if isinstance(value, tuple):
        return ", ".join(_text(part) for part in value) or "none"
    text = "none" if value is None else str(value)
    return text[:12] if len(text) == 64 else text


def _grouped(records: Iterable[Committed], key: Key) -> list[list[Committed]]:
    groups: dict[Hashable, list[Committed]] = {}
    for record in records:
        groups.setdefault(key(record), []).append(record)
    return list(groups.values())


def _of_setup(part: Callable[[Setup], Hashable]) -> Key:
    return lambda record: None if record.setup is None else part(record.setup)


def _runner(setup: Setup) -> Hashable:
    return setup.runner_sha256


def _user(setup: Setup) -> Hashable:
    return setup.user_sha256


def _shared(setup: Setup) -> Hashable:
    return setup.shared


def _parameters(setup: Setup) -> Hashable:
    return tuple(f"{name} {value}" for name, value in setup.parameters)


def _threads(setup: Setup) -> Hashable:
    return setup.threads


def _setting(record: Committed) -> Hashable:
    return record.trial.setting


def _shapes(record: Committed) -> Hashable:
    return tuple(f"{key} {list(shape)}" for key, shape in sorted(record.shapes.items()))
