"""Twin of cli/calibrate.py and cli/calibrated.py."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from tests.analysis.builder import plan, store, training
from tests.analysis.test_calibration import made
from typer.testing import CliRunner

from diptych.api.load import load_bytes
from diptych.cli import calibrate as module
from diptych.cli.app import app
from diptych.cli.calibrate import against_itself, of_itself
from diptych.cli.calibrated import calibrated, share
from diptych_analysis import analyze_folder, calibration
from diptych_analysis.summary import Rate, Summary

RUNNER = CliRunner()
TEXT = """
apiVersion: diptych.dev/v1alpha1
kind: VersionComparison
metadata: {name: a-name-that-is-as-long-as-a-name-may-be}
spec:
  versions: [{name: "2.1.0"}, {name: no-tf32, version: "2.4.0", env: [{name: TF_X, value: "0"}]}]
  baseline: no-tf32
  workload: {builtin: mnist-mlp}
  seeds: {first: 1, count: 6}
  control: SharedInit
  sweep: [{parameter: batchSize, values: [8]}]
  attribution: {controls: [SharedOrder]}
"""


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "SPLITS", 60)
    monkeypatch.setattr(calibration, "PLANTED", 20)


def test_a_finished_comparison_is_split_and_not_trained(tmp_path: Path) -> None:
    folder = made(tmp_path, seeds=8)
    before = sorted(folder.rglob("*"))
    done = RUNNER.invoke(app, ["calibrate", str(folder)])
    assert done.exit_code == 0
    text = " ".join(done.stdout.split())
    assert "2.1.0 against itself, 60 random splits of its 8 seeds into two times 4" in text
    assert "Monte-Carlo error of the splits alone" in text
    assert sorted(folder.rglob("*")) == before  # nothing is written
    found = json.loads(RUNNER.invoke(app, ["calibrate", str(folder), "--json"]).stdout)
    assert [each["version"] for each in found] == ["2.1.0", "2.4.0"]


def test_what_a_calibration_rests_on_is_told(tmp_path: Path) -> None:
    def told(seeds: int) -> str:
        folder = made(tmp_path / str(seeds), seeds=seeds)
        return " ".join(RUNNER.invoke(app, ["calibrate", str(folder)]).stdout.split())

    few = told(5)
    assert "2.1.0 against itself, all 60 splits of its 5 seeds into two times 2" in few
    assert " to " not in few.split("called Different")[1].split(" %)")[0]  # no interval
    assert "Halves of" not in few
    assert (
        "Halves of 4 are judged by Student's t alone, all 8 seeds by Student's t and flips of "
        "signs: these are rates of the former." in told(8)
    )


def test_what_every_split_says_is_100_percent() -> None:
    assert share(Rate(count=60, share=1.0, interval=None), 60) == "60 of 60 (100 %)"
    always = Rate(count=60, share=1.0, interval=(0.9398, 1.0))
    assert share(always, 60) == "60 of 60 (100 %, 94 to 100 %)"


def test_too_few_seeds_are_told(tmp_path: Path) -> None:
    done = RUNNER.invoke(app, ["calibrate", str(made(tmp_path, seeds=3))])
    assert done.exit_code == 3
    assert "no version has four seeds" in done.stderr


def test_what_is_no_comparison_is_told(tmp_path: Path) -> None:
    done = RUNNER.invoke(app, ["calibrate", str(tmp_path / "nothing")])
    assert done.exit_code == 3
    assert "plan.json" in done.stderr


def test_a_file_runs_its_baseline_against_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(module, "run_here", lambda comparison, *_, **__: asked.append(comparison))
    file = tmp_path / "x.yaml"
    file.write_text(TEXT)
    assert RUNNER.invoke(app, ["calibrate", str(file)]).exit_code == 0
    plan = asked[0].plan
    assert plan.versions == ["no-tf32", "no-tf32-again"]
    assert [plan.version(name)["version"] for name in plan.versions] == ["2.4.0", "2.4.0"]
    assert len({str(plan.version(name)["env"]) for name in plan.versions}) == 1
    assert plan.document["analysis"]["calibration"] is True
    assert plan.document["analysis"]["baseline"] == "no-tf32"
    assert {(c.control, c.setting) for c in plan.cells} == {("SharedInit", 0)}


def test_the_comparison_with_itself_is_one_that_may_be_run() -> None:
    resource = load_bytes(TEXT.encode(), "a test").resource
    assert resource is not None
    made_of = against_itself(resource)
    text = json.dumps(made_of.model_dump(mode="json", by_alias=True, exclude_none=True))
    assert load_bytes(text.encode(), "a test").problems == []
    assert made_of.metadata.name == "a-name-that-is-as-long-as-a-calibration"


def test_what_was_asked_comes_first_and_once_of_equal_bits(tmp_path: Path) -> None:
    told = shown(analyze_folder(made(tmp_path / "apart", seeds=8)))
    places = [told.index(f"{name} against itself") for name in ("2.1.0", "2.4.0")]
    assert places == sorted(places)
    assert places[1] < told.index("Run twice over the same seeds: ")
    assert "means" not in told

    equal = plan(seeds=8, analysis={"calibration": True})
    told = shown(analyze_folder(store(tmp_path, equal, lambda trial: training(trial.seed))))
    assert told.startswith("2.1.0 against itself, 60 random splits")
    assert "2.4.0 against itself" not in told
    assert "Run twice over the same seeds: Identical. Every loss" in told
    few = plan(seeds=3)
    told = shown(analyze_folder(store(tmp_path / "few", few, lambda trial: training(trial.seed))))
    assert told.startswith("No version has four seeds that succeeded under Native, the fewest")


def shown(summary: Summary) -> str:
    target = io.StringIO()
    Console(file=target, width=80).print(of_itself(summary))
    return " ".join(target.getvalue().split())


def test_nothing_is_shown_without_a_calibration() -> None:
    assert calibrated([]) == []
