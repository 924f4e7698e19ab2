"""Preflight after the fact: may these trials be compared at all? Each rule gives sentences."""

from collections.abc import Callable, Hashable, Iterable, Sequence

from diptych_analysis.diverging import completed
from diptych_analysis.records.outcome import Committed, Missing, Record, Setup
from diptych_analysis.records.table import Cell, Table
from diptych_runner.contract.trials import path_of

#: Of a trial's own reason in a sentence.
MOST_CHARACTERS = 120

Key = Callable[[Committed], Hashable]


def problems(table: Table, baseline: str, candidate: str) -> list[str]:
    """Return why two versions' trials cannot be compared, most fundamental first; [] when none.

    Over every committed trial of both versions, under every control and setting.
    """
    records = list(table.committed(baseline, candidate))
    found = [
        *_wrong_framework(table, records),
        *_without_gpu(table, records),
        *_unequal("GPU models", records, _gpus),
        *_unequal("GPU drivers", [r for r in records if r.setup and r.setup.gpus], _driver),
        *_unequal("the runner's sources", records, _of_setup(lambda setup: setup.runner_sha256)),
        *_unequal("the user's sources", records, _of_setup(lambda setup: setup.user_sha256)),
    ]
    # Data may change with the setting and the seed, and what is shared with the control.
    by_seed = _grouped(records, lambda r: (r.trial.setting, r.trial.seed))
    predicted = [[record for record in group if record.shapes] for group in by_seed]
    by_control = _grouped(records, lambda r: r.trial.control)
    for what, groups, key in (
        ("the test sets", by_seed, _of_setup(lambda setup: setup.test_sha256)),
        ("the training sets", by_seed, _of_setup(lambda setup: setup.train_sha256)),
        ("the shapes of predictions", predicted, _shapes),
        ("the aspects shared under one control", by_control, _of_setup(lambda s: s.shared)),
    ):
        # One sentence a rule: a hundred seeds would say the same a hundred times.
        found += [sentence for group in groups for sentence in _unequal(what, group, key)][:1]
    return found


def shortage(table: Table, version: str, cell: Cell) -> str | None:
    """Return why too few trials of a version completed in a (control, setting), else None.

    Completed is Succeeded or Diverged: both are outcomes that were measured. Only this cell
    counts: trials for the attribution or of another setting do not decide.
    """
    minimum = table.plan.document["analysis"]["minimumCompletedPercent"]
    records = table.of(version, cell)
    done = sum(completed(record) for record in records)
    if done * 100 >= minimum * len(records):
        return None
    failed = next(record for record in records if not completed(record))
    return (
        f"{done} of {len(records)} trials of {version} completed under {cell[0]}, fewer than the "
        f"{minimum} % asked for (first: {_why(failed)}; {path_of(failed.trial)})"
    )


def _why(record: Record) -> str:
    """Return in short why a trial did not complete."""
    if isinstance(record, Committed):
        text = record.error or record.outcome
    else:
        text = "it has no COMMIT" if isinstance(record, Missing) else record.reason
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + "..."


def ran_on_cpu(table: Table, *versions: str) -> bool:
    """Say whether the accelerator was optional and no trial of these versions used one."""
    if table.plan.axes["accelerator"] != "Optional":
        return False
    setups = [record.setup for record in table.committed(*versions) if record.setup]
    return bool(setups) and not any(setup.gpus for setup in setups)


def outcome_rates(records: Sequence[Record]) -> tuple[int, int, int]:
    """Return how many records Diverged, Failed, and are missing or refused."""
    outcomes = [r.outcome if isinstance(r, Committed) else "" for r in records]
    return outcomes.count("Diverged"), outcomes.count("Failed"), outcomes.count("")


def _wrong_framework(table: Table, records: Iterable[Committed]) -> list[str]:
    found = []
    framework = table.plan.axes["framework"]
    for record in records:
        if record.setup is None:
            continue
        expected = table.plan.version(record.trial.version)["version"]
        told = (record.setup.framework, record.setup.requested, record.setup.reported)
        if told != (framework, expected, expected):
            found.append(
                f"version {record.trial.version} asks for {framework} {expected} but its image "
                f"has {record.setup.framework} {record.setup.reported}"
                f"{_other_request(record.setup, expected)} (first: {path_of(record.trial)})"
            )
            break
    return found


def _other_request(setup: Setup, expected: str) -> str:
    return "" if setup.requested == expected else f" and was asked for {setup.requested}"


def _without_gpu(table: Table, records: Iterable[Committed]) -> list[str]:
    if table.plan.axes["accelerator"] != "Required":
        return []
    bare = [record for record in records if record.setup and not record.setup.gpus]
    versions = sorted({record.trial.version for record in bare})
    return [
        f"{len(bare)} trials of {' and '.join(versions)} ran on the CPU though a GPU is required "
        f"(first: {path_of(record.trial)})"
        for record in bare[:1]
    ]


def _unequal(what: str, records: Iterable[Committed], key: Key) -> list[str]:
    """Return one sentence when `key` differs among records that have an environment."""
    first: dict[Hashable, Committed] = {}
    for record in records:
        if record.setup is not None:
            first.setdefault(key(record), record)
    if len(first) < 2:
        return []
    told = " and ".join(
        f"{_text(value)} in {path_of(record.trial)}" for value, record in list(first.items())[:2]
    )
    return [f"{what} differ: {told}"]


def _text(value: object) -> str:
    """Return a value for a sentence: hashes shortened, tuples joined, nothing as 'none'."""
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


def _gpus(record: Committed) -> Hashable:
    return None if record.setup is None else record.setup.gpus


def _driver(record: Committed) -> Hashable:
    return None if record.setup is None else record.setup.driver


def _shapes(record: Committed) -> Hashable:
    return tuple(f"{key} {list(shape)}" for key, shape in sorted(record.shapes.items()))
