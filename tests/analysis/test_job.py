"""Twin of job.py: what an analysis pod leaves in the store and in its termination message."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.analysis.builder import plan, store, training

from diptych.api.status import Report, Summary
from diptych_analysis import AnalysisError, analyze_folder, job
from diptych_analysis.report import REPORT_FILE, write_report
from diptych_runner.contract import hashing, names
from diptych_runner.contract.plan import Plan
from diptych_runner.stores.errors import StoreUnreachable

RESOURCE = "kind: VersionComparison\nmetadata: {name: demo}  # as it was applied\n"


class Pod:
    """The mounts and variables of an analysis pod."""

    def __init__(self, root: Path) -> None:
        self.plan, self.resource = root / "plan.json", root / "resource.yaml"
        self.results, self.log = root / "results", root / "termination-log"
        self.resource.write_text(RESOURCE, encoding="utf-8")
        self.log.touch()
        self.environment = {
            "DIPTYCH_STORE": str(self.results),
            "DIPTYCH_TERMINATION_LOG": str(self.log),
        }
        self.arguments = ["--plan", str(self.plan), "--resource", str(self.resource)]

    def trained(self, made: Plan) -> Path:
        """Mount a plan whose trials are in the store: they lie there without plan.json."""
        self.plan.write_text(json.dumps(made.document), encoding="utf-8")
        folder = store(self.results, made, lambda trial: training(trial.seed))
        (folder / names.PLAN_FILE).unlink()
        return folder

    def run(self) -> int:
        return job.main(self.arguments, self.environment)

    def digest(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.log.read_bytes())
        return document


@pytest.fixture
def pod(tmp_path: Path) -> Pod:
    return Pod(tmp_path)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_it_leaves_the_plan_the_summary_the_report_and_a_digest_of_them(pod: Pod) -> None:
    made = plan(seeds=3)
    folder = pod.trained(made)
    assert pod.run() == names.EXIT_COMMITTED
    files = contents(folder)
    results = {"summary.json", "summary.md", "report.html"}
    assert set(files) == {"plan.json", "resource.yaml", *results}
    assert Plan.from_text(files["plan.json"].decode()).document == made.document
    document = pod.digest()
    found = Summary.model_validate_json(json.dumps(document["summary"]))
    assert found.verdict == json.loads(files["summary.json"])["verdict"] == "Identical"
    assert found.sha256 == hashing.sha256_of_bytes(files["summary.json"])
    report = Report.model_validate_json(json.dumps(document["report"]))
    assert report.uri == str(folder / REPORT_FILE)
    assert report.sha256 == hashing.sha256_of_bytes(files["report.html"])


def test_the_report_shows_the_resource_as_it_was_applied_also_when_made_again(pod: Pod) -> None:
    folder = pod.trained(plan(seeds=2))
    pod.run()
    page = (folder / REPORT_FILE).read_bytes()
    assert b"# as it was applied" in page
    (folder / REPORT_FILE).unlink()
    # As `diptych report` does it on a laptop: the hash in the cluster's status stays true.
    write_report(folder, analyze_folder(folder))
    assert (folder / REPORT_FILE).read_bytes() == page


def test_a_second_pod_does_the_same_to_the_byte(pod: Pod) -> None:
    folder = pod.trained(plan(seeds=2))
    assert pod.run() == names.EXIT_COMMITTED
    before, digest = contents(folder), pod.log.read_bytes()
    pod.log.write_bytes(b"")
    assert pod.run() == names.EXIT_COMMITTED
    assert (contents(folder), pod.log.read_bytes()) == (before, digest)


@pytest.mark.parametrize("other", ["axes", "uid"])
def test_a_place_of_another_comparison_is_left_as_it_is(
    pod: Pod, other: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = plan(seeds=2)
    folder = pod.trained(made)
    strange = plan(seeds=3 if other == "axes" else 2).document
    uid = made.uid if other == "axes" else made.uid[:8] + "-other"
    strange = {**strange, "comparison": {"name": "demo", "uid": uid}}
    (folder / names.PLAN_FILE).write_text(json.dumps(strange), encoding="utf-8")
    before = contents(folder)
    assert pod.run() == names.EXIT_IMPOSSIBLE
    assert "holds another comparison" in capsys.readouterr().err
    assert contents(folder) == before
    assert pod.log.read_bytes() == b""


def test_no_trial_at_all_is_an_invalid_verdict_with_a_digest(pod: Pod) -> None:
    made = plan(seeds=2)
    pod.plan.write_text(json.dumps(made.document), encoding="utf-8")
    assert pod.run() == names.EXIT_COMMITTED
    assert pod.digest()["summary"]["verdict"] == "Invalid"


def test_a_broken_plan_is_impossible_and_a_missing_one_may_come(
    pod: Pod, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pod.run() == job.EXIT_FAILED
    assert "plan.json" in capsys.readouterr().err
    pod.plan.write_text("{}", encoding="utf-8")
    assert pod.run() == names.EXIT_IMPOSSIBLE


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StoreUnreachable("s3://results: no answer"), names.EXIT_UNREACHABLE),
        (AnalysisError("the store changed"), job.EXIT_FAILED),
    ],
)
def test_what_went_wrong_is_the_last_line_and_there_is_no_digest(
    pod: Pod,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    code: int,
) -> None:
    def fail(*_: object) -> None:
        raise error

    pod.trained(plan(seeds=2))
    monkeypatch.setattr(job, "analyze_folder", fail)
    assert pod.run() == code
    assert capsys.readouterr().err.splitlines()[-1] == str(error)
    assert pod.log.read_bytes() == b""


def test_a_digest_that_cannot_be_written_is_no_success(pod: Pod) -> None:
    pod.trained(plan(seeds=2))
    pod.environment["DIPTYCH_TERMINATION_LOG"] = str(pod.log / "no-folder")
    assert pod.run() == job.EXIT_FAILED


@pytest.mark.parametrize(("total", "lines"), [(4, 4), (16, 10), (1000, 10)])
def test_ten_lines_at_most_tell_the_progress(
    total: int, lines: int, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = job.Progress()
    for done in range(1, total + 1):
        progress.told(done, total)
    told = capsys.readouterr().out.splitlines()
    assert (len(told), told[-1]) == (lines, f"read {total} of {total} trials")


@pytest.fixture
def started(pod: Pod) -> Callable[[], "subprocess.Popen[str]"]:
    """Return a function that starts the pod's command."""

    def start() -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "diptych_analysis", *pod.arguments],
            env={**os.environ, **pod.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def test_the_command_itself_ends_well(
    pod: Pod, started: Callable[[], "subprocess.Popen[str]"]
) -> None:
    pod.trained(plan(seeds=2))
    with started() as process:
        output, errors = process.communicate(timeout=120)
    assert errors == ""
    assert output.splitlines()[-1] == f"Report: {pod.results / 'demo-01234567' / REPORT_FILE}"
    assert pod.digest()["summary"]["verdict"] == "Identical"


def test_a_deleted_pod_goes_at_once(
    pod: Pod, started: Callable[[], "subprocess.Popen[str]"]
) -> None:
    pod.trained(plan(seeds=2))
    pod.plan.unlink()
    os.mkfifo(pod.plan)  # a plan that never comes: it waits with everything else done
    with started() as process, pod.plan.open("w", encoding="utf-8"):
        time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == names.EXIT_STOPPED
