"""Kills and collisions in the middle of a trial: nothing lost, nothing counted twice."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import path_of

pytestmark = [pytest.mark.environments, pytest.mark.needs_python("3.8")]

COMPARISON = """
apiVersion: diptych.dev/v1alpha1
kind: VersionComparison
metadata: {name: interrupted}
spec:
  versions: [{name: "2.4.0"}, {name: same, version: "2.4.0"}]
  workload:
    builtin: adam-linear-regression
    parameters: {steps: 2000}
  seeds: {values: [11, 12, 13]}
  noiseFloor: {seeds: 1, repeats: 2}
  trialsPerPod: 2
  control: SharedOrder
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "interrupted.yaml"
    path.write_text(COMPARISON, encoding="utf-8")
    return path


def start(file: Path, output: Path) -> subprocess.Popen[str]:
    """Start `diptych run` as a user would, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "diptych", "run", file, "--json", "--output", output],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(run: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for a run; return its summary."""
    stdout, stderr = run.communicate(timeout=300)
    assert run.returncode == 0, stderr[-3000:]
    summary: dict[str, Any] = json.loads(stdout)
    return summary


def folder_of(output: Path) -> Path:
    (folder,) = output.iterdir()
    return folder


def comparable(summary: dict[str, Any]) -> dict[str, Any]:
    """Return the summary without what names attempts and times."""
    candidates = [{**each, "resources": None} for each in summary["candidates"]]
    return {**summary, "commits": None, "candidates": candidates}


def until(condition: Callable[[], bool], run: subprocess.Popen[str]) -> None:
    """Wait until a condition holds while the run is alive."""
    deadline = time.monotonic() + 120
    while not condition():
        assert run.poll() is None, "the run ended too early"
        assert time.monotonic() < deadline, "the condition never held"
        time.sleep(0.02)


def in_mid_trial(output: Path) -> bool:
    """Whether at least one trial is committed and another one is being trained."""
    committed = {path.parent for path in output.glob("*/trials/*/*/*/*/*/COMMIT")}
    begun = {path.parent.parent for path in output.glob("*/trials/*/*/*/*/*/attempts/*")}
    return bool(committed) and bool(begun - committed)


def runners(output: Path) -> Iterator[int]:
    """Yield the processes of the runner that write to this output."""
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if b"diptych_runner" in words and str(output).encode() in words:
                yield int(entry.name)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("undisturbed")
    path = home / "interrupted.yaml"
    path.write_text(COMPARISON, encoding="utf-8")
    return finish(start(path, home / "output"))


def test_the_undisturbed_run_compares_a_version_with_itself(undisturbed: dict[str, Any]) -> None:
    assert undisturbed["verdict"] == "Identical"
    assert undisturbed["trials"]["succeeded"] == undisturbed["trials"]["planned"] == 8


def test_kill_9_of_the_run_then_again(
    file: Path, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    output = tmp_path / "output"
    run = start(file, output)
    until(lambda: in_mid_trial(output), run)
    run.kill()
    run.communicate()
    deadline = time.monotonic() + 20
    while list(runners(output)):
        assert time.monotonic() < deadline, "runners outlived the run that started them"
        time.sleep(0.1)
    before = {path: path.read_bytes() for path in output.glob("*/trials/*/*/*/*/*/COMMIT")}
    assert before
    summary = finish(start(file, output))
    assert comparable(summary) == comparable(undisturbed)
    assert all(path.read_bytes() == content for path, content in before.items())


def test_kill_9_of_the_runner_and_of_its_trial(
    file: Path, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    output = tmp_path / "output"
    run = start(file, output)
    until(lambda: in_mid_trial(output), run)
    killed = list(runners(output))
    assert killed
    for process in killed:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    assert comparable(finish(run)) == comparable(undisturbed)


def test_ctrl_c_then_again(file: Path, tmp_path: Path, undisturbed: dict[str, Any]) -> None:
    output = tmp_path / "output"
    run = start(file, output)
    until(lambda: in_mid_trial(output), run)
    run.send_signal(signal.SIGINT)
    _, stderr = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "run the same command again to go on" in stderr
    assert "Traceback" not in stderr
    assert not list(runners(output))
    folder = folder_of(output)
    plan = Plan.from_text((folder / "plan.json").read_text(encoding="utf-8"))
    for trial in plan.trials():
        home = folder / path_of(trial)
        if not (home / "COMMIT").exists():
            assert not list(home.glob("attempts/*")), "an interrupted attempt would be counted"
    assert comparable(finish(start(file, output))) == comparable(undisturbed)


def test_two_runs_of_the_same_file_at_once(
    file: Path, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    output = tmp_path / "output"
    both = [start(file, output), start(file, output)]
    summaries = [finish(run) for run in both]
    assert summaries[0] == summaries[1]
    assert comparable(summaries[0]) == comparable(undisturbed)
    for trial in output.glob("*/trials/*/*/*/*/*"):
        assert len(list(trial.glob("attempts/*"))) == 1, "a trial was trained twice"


def test_a_flipped_byte_is_refused_by_name_and_never_averaged_in(
    file: Path, tmp_path: Path
) -> None:
    output = tmp_path / "output"
    first = finish(start(file, output))
    victim = next(output.glob("*/trials/same/*/*/seed-12/repeat-0/attempts/*/predictions.npz"))
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    ended = subprocess.run(
        [sys.executable, "-m", "diptych", "analyze", folder_of(output), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 3, ended.stderr
    summary = json.loads(ended.stdout)
    assert first["verdict"] == "Identical"
    assert summary["verdict"] == "Invalid"
    (refused,) = summary["trials"]["failed"]
    assert refused["status"] == "Refused"
    assert refused["trial"] == "trials/same/SharedOrder/setting-0/seed-12/repeat-0"
    assert "predictions.npz" in refused["reason"]
    assert "sha256" in refused["reason"]
