import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

from diptych_runner.contract.plan import Plan

Diptych = Callable[..., Result]


def test_the_table_has_a_line_a_trial_in_order(diptych: Diptych, file: Path) -> None:
    lines = diptych("plan", file).stdout.splitlines()
    assert lines[0].split() == ["index", "version", "control", "setting", "seed", "repeat"]
    assert [line.split() for line in lines[1:4]] == [
        ["0", "2.4.0", "Native", "0", "1", "0"],
        ["1", "2.13.1", "Native", "0", "1", "0"],
        ["2", "2.4.0", "Native", "0", "1", "1"],
    ]
    assert lines[7].startswith("6 trials, 1 blocks of at most 4 for each of 2 versions")


def test_the_json_is_the_plan_with_its_trials(diptych: Diptych, file: Path) -> None:
    printed = json.loads(diptych("plan", file, "--format", "json").stdout)
    trials = printed.pop("trials")
    plan = Plan(printed)
    assert [trial["index"] for trial in trials] == list(range(plan.trial_count))
    assert trials[3] == {
        "control": "Native",
        "index": 3,
        "repeat": 1,
        "seed": 1,
        "setting": 0,
        "version": "2.13.1",
    }
