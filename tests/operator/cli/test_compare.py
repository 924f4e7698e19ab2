"""Twin of cli/compare.py and analysis's joined.py: two finished comparisons, paired by seed."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.analysis.builder import Training, cell, environment, metric, plan, store, training
from typer.testing import Result

from diptych.cli.exits import Exit
from diptych_analysis.joined import joined
from diptych_analysis.source import source_at
from diptych_runner.contract.trials import Trial

Run = Callable[..., Result]
SHIFT = {"2.1.0": 0.0, "2.4.0": 0.1, "2.13.1": 0.3}


def train(trial: Trial) -> Training:
    wiggle = 0.002 * trial.seed * len(trial.version)
    return training(1 + 0.01 * trial.seed + SHIFT[trial.version] + wiggle, losses=(2.0, 1.0))


def stored(root: Path, versions: tuple[str, ...], **parts: Any) -> Path:  # noqa: ANN401
    given = {"analysis": {"metrics": [metric(margin="0.05")]}, "seeds": 6, **parts}
    made = given.pop("train", train)
    return store(root, plan(versions=versions, **given), made)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return stored(tmp_path / "first", ("2.1.0", "2.4.0"))


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_versions_of_two_comparisons_are_paired_and_named(
    diptych: Run, first: Path, tmp_path: Path
) -> None:
    second = stored(tmp_path / "second", ("2.4.0", "2.13.1"), seeds=9)
    done = diptych("compare", first, second, "--json")
    assert done.exit_code == Exit.OK
    found = json.loads(done.stdout)
    assert found["baseline"] == "2.1.0"
    assert [c["version"] for c in found["candidates"]] == ["2.4.0", "2.13.1"]
    assert found["candidates"][1]["metrics"][0]["seeds"] == 6
    assert found["candidates"][1]["metrics"][0]["difference"] == pytest.approx(0.3, abs=0.02)
    assert found["trials"] == {
        "planned": 18, "committed": 18, "succeeded": 18, "diverged": 0, "failed": []
    }  # fmt: skip
    assert found["origins"][2] == {
        "version": "2.13.1", "comparison": str(second), "name": "2.13.1"
    }  # fmt: skip
    assert found["postHoc"] == []
    (place,) = (tmp_path / "diptych-results").iterdir()
    assert {path.name for path in place.iterdir()} >= {"summary.json", "summary.md", "report.html"}
    page = (place / "report.html").read_text(encoding="utf-8")
    assert f"diptych compare {first} {second} --baseline 2.1.0" in page
    assert f"version 2.13.1 of <code>{second}</code>" in page


def test_one_version_of_two_comparisons_is_told_apart(
    diptych: Run, first: Path, tmp_path: Path
) -> None:
    second = stored(tmp_path / "second", ("2.4.0", "2.13.1"))
    options = ["--baseline", "2.4.0", "--candidate", "2.4.0", "--output", tmp_path / "out"]
    done = diptych("compare", first, second, *options, "--json")
    found = json.loads(done.stdout)
    assert (found["baseline"], found["verdict"]) == ("2.4.0-A", "Identical")
    assert [c["version"] for c in found["candidates"]] == ["2.4.0-B"]
    assert (tmp_path / "out" / "report.html").is_file()


def test_one_plan_that_ran_in_two_places_is_compared(diptych: Run, tmp_path: Path) -> None:
    def elsewhere(trial: Trial) -> Training:
        return training(1.2 + 0.01 * trial.seed, 3.0)

    here = stored(tmp_path / "here", ("2.1.0", "2.4.0"))
    there = stored(tmp_path / "there", ("2.1.0", "2.4.0"), train=elsewhere)
    assert here.name == there.name
    done = diptych("compare", here, there, "--candidate", "2.1.0", "--json")
    found = json.loads(done.stdout)
    assert (found["baseline"], found["candidates"][0]["version"]) == ("2.1.0-A", "2.1.0-B")
    assert found["verdict"] == "Different"
    assert [origin["comparison"] for origin in found["origins"]] == [str(here), str(there)]


def test_candidates_of_one_comparison_compare_with_each_other(diptych: Run, tmp_path: Path) -> None:
    folder = stored(tmp_path / "1", ("2.1.0", "2.4.0", "2.13.1"))
    options = ["--baseline", "2.4.0", "--json"]
    found = json.loads(diptych("compare", folder, folder, *options).stdout)
    assert [c["version"] for c in found["candidates"]] == ["2.1.0", "2.13.1"]
    done = diptych("compare", folder, folder, "--candidate", "2.1.0")
    assert done.exit_code == Exit.BAD_INPUT
    assert "would be compared with itself" in done.stderr


def test_a_margin_set_now_is_post_hoc(diptych: Run, first: Path, tmp_path: Path) -> None:
    second = stored(tmp_path / "second", ("2.13.1", "2.4.0"), analysis={"metrics": [metric()]})
    done = diptych("compare", first, second, "--margin", "test_loss=1", "--json")
    found = json.loads(done.stdout)
    assert found["verdict"] == "Equivalent"
    assert found["postHoc"] == [
        "metrics, margins and confidence as A declares them; B declares others",
        "margin of test_loss 1 instead of 0.05",
    ]


WORKLOAD: dict[str, Any] = plan().axes["workload"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"axes": {"workload": {**WORKLOAD, "parameters": {"steps": 3}}}},
            'workload: {"builtin":"adam-linear-regression","data":null,"module":null,'
            '"parameters":{"steps":2}} in A, ',
        ),
        ({"axes": {"threads": 2}}, "threads: 1 in A, 2 in B"),
        ({"axes": {"gpus": 1, "accelerator": "Required"}}, "gpus: 0 in A, 1 in B; accelerator: "),
        ({"axes": {"seeds": [11, 12, 13, 14, 15, 16]}}, "seeds: 1 to 6 in A, 11 to 16 in B"),
        (
            {"cells": [cell("SharedInit", seeds=6)], "analysis": {"control": "SharedInit"}},
            "control: A judges under Native, which B did not run",
        ),
    ],
)
def test_what_cannot_be_paired_is_refused(
    diptych: Run, first: Path, tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    second = stored(tmp_path / "second", ("2.4.0", "2.13.1"), **changes)
    done = diptych("compare", first, second)
    assert done.exit_code == Exit.BAD_INPUT
    assert told in done.stderr
    assert not (tmp_path / "diptych-results").exists()


def test_an_unknown_version_is_refused_with_those_there_are(diptych: Run, first: Path) -> None:
    done = diptych("compare", first, first, "--candidate", "2.5")
    assert done.exit_code == Exit.BAD_INPUT
    assert f"B ({first.name}) has no version '2.5'; it has 2.1.0, 2.4.0" in done.stderr
    assert "A (" in diptych("compare", first, first, "--baseline", "2.5").stderr


@pytest.mark.parametrize(
    ("part", "changes", "told"),
    [
        ("data", {"testSha256": "f" * 64}, "test sets differ: "),
        ("code", {"user": "f" * 64}, "user's sources differ: "),
    ],
)
def test_records_of_other_data_or_code_are_invalid(
    diptych: Run, first: Path, tmp_path: Path, part: str, changes: dict[str, Any], told: str
) -> None:
    known: dict[str, Any] = environment("2.4.0")[part]

    def other(trial: Trial) -> Training:
        return replace(train(trial), environment={part: {**known, **changes}})

    second = stored(tmp_path / "second", ("2.4.0", "2.13.1"), train=other)
    done = diptych("compare", first, second, "--json")
    assert done.exit_code == Exit.NO_VERDICT
    assert told in json.loads(done.stdout)["reason"]


def test_only_what_both_ran_is_paired(tmp_path: Path) -> None:
    sweep = {"settings": [{}, {"steps": 3}]}
    cells = [cell(seeds=6), cell(repeat=1, seeds=4), cell("SharedInit", seeds=5)]
    cells.append(cell(setting=1, seeds=6))
    left = stored(tmp_path / "1", ("2.1.0", "2.4.0"), cells=cells, axes=sweep)
    right = stored(
        tmp_path / "2",
        ("2.1.0", "2.13.1"),
        cells=[cell(seeds=4), cell(repeat=1, seeds=2)],
        axes={"seeds": [2, 3, 4, 5]},
    )
    found = joined(source_at(left), source_at(right), None, ["2.13.1"])
    assert found.plan.seeds == [2, 3, 4, 5]
    assert [tuple(each) for each in found.plan.cells] == [("Native", 0, 0, 4), ("Native", 0, 1, 2)]
    assert found.post_hoc == ("setting 0 alone, for the sweeps differ",)
    assert found.plan.stated(Trial("2.13.1", "Native", 0, 2, 0))[0] == source_at(right).plan.sha256
