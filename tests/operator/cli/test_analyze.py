"""Twin of cli/analyze.py: another margin is an answer of its own, and says when it was set."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.analysis.builder import B, metric, plan, store, training
from typer.testing import Result

from diptych.cli.exits import Exit
from diptych_runner.contract.trials import Trial

Run = Callable[..., Result]
RESULTS = {"summary.json", "summary.md", "report.html"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a comparison whose versions differ by about 0.1, margin 0.5."""
    made = plan(seeds=6, analysis={"metrics": [metric(margin="0.5")]})

    def train(trial: Trial) -> object:
        return training(1 + 0.01 * trial.seed + (0.1 + 0.002 * trial.seed) * (trial.version == B))

    return store(tmp_path, made, train)  # type: ignore[arg-type]


def files(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if "trials" not in p.parts}


def test_another_margin_gives_another_verdict_beside_the_declared_one(
    diptych: Run, folder: Path
) -> None:
    assert diptych("analyze", folder).exit_code == Exit.OK
    declared = (folder / "summary.json").read_bytes()
    assert json.loads(declared)["verdict"] == "Equivalent"
    done = diptych("analyze", folder, "--margin", "test_loss=0.05", "--json")
    found = json.loads(done.stdout)
    assert found["verdict"] == "Different"
    assert found["reason"].startswith("Different, post hoc: ")
    assert found["postHoc"] == ["margin of test_loss 0.05 instead of 0.5"]
    assert found["results"] == json.loads(declared)["results"]
    assert (folder / "summary.json").read_bytes() == declared
    (place,) = folder.glob("post-hoc-*")
    assert files(place) == {*RESULTS, "fresh.yaml", "ladder.yaml"}
    assert (place / "fresh.yaml").read_text("utf-8") == found["fresh"]["resource"]
    assert (place / "ladder.yaml").read_text("utf-8") == found["ladder"]["resource"]
    for name in ("summary.md", "report.html"):
        assert "Post hoc, decided after the trials were run" in (place / name).read_text("utf-8")
    page = (place / "report.html").read_text("utf-8")
    assert f"diptych analyze {folder.name} --margin test_loss=0.05" in page


def test_a_person_reads_that_it_was_decided_late(diptych: Run, folder: Path) -> None:
    done = diptych("analyze", folder, "--confidence", "0.99", "--relative-margin", "test_loss=50%")
    told = " ".join(done.stdout.split())
    assert "Post hoc, decided after the trials were run:" in told
    assert "margin of test_loss 50% instead of 0.5; confidence 0.99 instead of 0.95." in told
    assert "99 % interval" in told


def test_what_is_declared_anyway_is_not_late(diptych: Run, folder: Path) -> None:
    done = diptych("analyze", folder, "--margin", "test_loss=0.50", "--confidence", "0.950")
    assert "Post hoc" not in done.stdout
    assert (folder / "summary.json").exists()
    assert not list(folder.glob("post-hoc-*"))


def test_results_go_where_output_says(diptych: Run, folder: Path, tmp_path: Path) -> None:
    before = files(folder)
    assert diptych("analyze", folder, "--output", tmp_path / "there").exit_code == Exit.OK
    assert files(tmp_path / "there") >= RESULTS
    assert files(folder) == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--margin", "0.1"], "--margin: '0.1' is not METRIC=VALUE with a value of at least 0"),
        (["--margin", "test_loss=-1"], "'test_loss=-1' is not METRIC=VALUE"),
        (["--margin", "test_loss=nan"], "'test_loss=nan' is not METRIC=VALUE"),
        (["--margin", "test_acc=1"], "there is no metric 'test_acc' in this comparison; it has"),
        (["--relative-margin", "test_loss=2"], "like test_loss=2%"),
        (["--confidence", "95"], "--confidence: '95' is not a level between 0.5 and 1, like 0.99"),
        (["--confidence", "0.5"], "is not a level"),
        (["--margin", "test_loss=1", "--margin", "test_loss=2"], "the only value for test_loss"),
        (
            ["--margin", "test_loss=1", "--relative-margin", "test_loss=2%"],
            "test_loss has a margin and a relative margin; give one of them",
        ),
    ],
)
def test_a_wrong_option_is_told_before_anything_is_written(
    diptych: Run, folder: Path, options: list[str], told: str
) -> None:
    before = files(folder)
    done = diptych("analyze", folder, *options)
    assert done.exit_code == Exit.BAD_INPUT
    assert told in " ".join(done.stderr.split())
    assert files(folder) == before


def test_a_share_as_a_margin_is_told_the_other_option(diptych: Run, folder: Path) -> None:
    done = diptych("analyze", folder, "--margin", "test_loss=5%")
    assert done.exit_code == Exit.BAD_INPUT
    assert "--relative-margin test_loss=5%" in " ".join(done.stderr.split())


def test_a_margin_beyond_a_metrics_range_is_refused(diptych: Run, tmp_path: Path) -> None:
    declared = metric(name="test_accuracy", evaluator="accuracy", direction="HigherIsBetter")
    made = plan(seeds=2, analysis={"metrics": [declared]})
    place = store(tmp_path, made, lambda trial: training(trial.seed))
    done = diptych("analyze", place, "--margin", "test_accuracy=5")
    assert done.exit_code == Exit.BAD_INPUT
    assert "--margin test_accuracy: must be less than 1" in " ".join(done.stderr.split())


def test_the_folder_above_comparisons_names_them(diptych: Run, folder: Path) -> None:
    done = diptych("analyze", folder.parent)
    assert done.exit_code == Exit.NO_VERDICT
    told = " ".join(done.stderr.split())
    assert (
        f"there is none; give the folder of a comparison, <name>-<uid8>; there are {folder.name}"
        in told
    )


def test_a_comparison_that_is_proposed_no_more_is_not_left_to_be_run(
    diptych: Run, folder: Path
) -> None:
    (folder / "fresh.yaml").write_text("kind: VersionComparison\n", "utf-8")
    assert diptych("analyze", folder).exit_code == Exit.OK
    left = (folder / "fresh.yaml").read_text("utf-8")
    assert left == "# The last analysis proposes no such comparison.\n"
