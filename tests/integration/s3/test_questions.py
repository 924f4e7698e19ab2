"""Finished comparisons in a real S3, asked again: by other margins, in other pairs."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.analysis.builder import Training, metric, plan, store, training
from tests.integration.s3.servers import Server

from diptych.api.load import load_bytes
from diptych.plan import plan_of
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial
from diptych_runner.stores.base import Store
from diptych_runner.stores.location import store_at

AsUser = Callable[[dict[str, str]], None]
SETTLED = ["ladder.yaml", "report.html", "summary.json", "summary.md"]
#: What is Different is worth a replication, so a resource for it lies beside the report.
WRITTEN = {"Equivalent": SETTLED, "Different": ["fresh.yaml", *SETTLED]}
FILE = """
apiVersion: diptych.dev/v1alpha1
kind: VersionComparison
metadata: {name: asked-again}
spec:
  versions: [{name: "2.4.0"}, {name: "2.13.1"}]
  workload: {builtin: adam-linear-regression}
  seeds: {first: 1, count: 6}
  analysis: {metrics: [{name: test_loss, margin: "0.5"}]}
"""
SHIFT = {"2.4.0": 0.0, "2.13.1": 0.1, "2.1.0": 0.3}


class Asked:
    """What a command ended with."""

    def __init__(self, minio: Server, cwd: Path, *arguments: str | Path) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "DIPTYCH_S3_"))}
        done = subprocess.run(
            [sys.executable, "-m", "diptych", *arguments],
            env={**kept, **minio.environment()},
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        self.code, self.stdout, self.stderr = done.returncode, done.stdout, done.stderr

    @property
    def summary(self) -> dict[str, Any]:
        assert self.code == 0, self.stderr
        found: dict[str, Any] = json.loads(self.stdout)
        return found


@pytest.fixture
def place(minio: Server, prefix: str, as_user: AsUser) -> Store:
    """Return an empty prefix in MinIO, seen from outside."""
    as_user(minio.environment())
    return store_at(prefix)


def train(trial: Trial) -> Training:
    wiggle = 0.002 * trial.seed * len(trial.version)
    return training(1 + 0.01 * trial.seed + SHIFT[trial.version] + wiggle)


def made(*versions: str, margin: str = "0.5") -> Plan:
    return plan(seeds=6, versions=versions, analysis={"metrics": [metric(margin=margin)]})


def uploaded(place: Store, wanted: Plan, folder: Path) -> str:
    """Write a whole comparison into a store and return its address."""
    there = place.below(wanted.folder)
    for path in sorted(store(folder, wanted, train).rglob("*")):
        if path.is_file():
            name = path.relative_to(folder / wanted.folder).as_posix()
            there.write(name, path.read_bytes())
    return there.uri


def test_other_margins_and_confidence_lie_beside_the_declared_answer(
    minio: Server, place: Store, tmp_path: Path
) -> None:
    wanted = made("2.4.0", "2.13.1")
    address = uploaded(place, wanted, tmp_path)
    records = place.below(wanted.folder)
    declared = Asked(minio, tmp_path, "analyze", address, "--json").summary
    assert (declared["verdict"], declared["postHoc"]) == ("Equivalent", [])
    before = {name: records.read(name) for name in SETTLED}
    for options, verdict, told in (
        (["--margin", "test_loss=0.05"], "Different", "margin of test_loss 0.05 instead of 0.5"),
        (
            ["--relative-margin", "test_loss=50%"],
            "Equivalent",
            "margin of test_loss 50% instead of 0.5",
        ),
        (["--confidence", "0.99"], "Equivalent", "confidence 0.99 instead of 0.95"),
    ):
        asked = Asked(minio, tmp_path, "analyze", address, *options, "--json")
        assert (asked.summary["verdict"], asked.summary["postHoc"]) == (verdict, [told])
        assert asked.summary["results"] == declared["results"]
        folder = asked.stderr.strip().rsplit("/", 2)[1]
        assert asked.stderr.strip().endswith(f"Report: {address}/{folder}/report.html")
        late = records.below(folder)
        assert late.children("") == WRITTEN[verdict]
        assert json.loads(late.read("summary.json") or b"") == asked.summary
        page = (late.read("report.html") or b"").decode("utf-8")
        assert "Post hoc, decided after the trials were run" in page
        assert f"diptych analyze {wanted.folder} {' '.join(options)}" in page
    assert {name: records.read(name) for name in SETTLED} == before
    assert sum(name.startswith("post-hoc-") for name in records.children("")) == 3


def test_versions_of_two_comparisons_wherever_they_lie(
    minio: Server, place: Store, tmp_path: Path
) -> None:
    first, second = made("2.4.0", "2.13.1", margin="0.05"), made("2.4.0", "2.1.0", margin="0.05")
    here, there = tmp_path / "a" / first.folder, tmp_path / "b" / second.folder
    a = uploaded(place.below("a"), first, tmp_path / "a")
    b = uploaded(place.below("b"), second, tmp_path / "b")
    found: list[dict[str, Any]] = []
    for left, right in ((a, b), (a, there), (here, b), (here, there)):
        output = f"{place.uri}/out-{len(found)}"
        options = ["--candidate", "2.1.0", "--output", output, "--json"]
        done = Asked(minio, tmp_path, "compare", left, right, *options)
        found.append(done.summary)
        assert [origin["comparison"] for origin in done.summary["origins"]] == [
            str(left),
            str(right),
        ]
        assert store_at(output).children("") == WRITTEN["Different"]
    assert found[0]["verdict"] == "Different"
    assert found[0]["candidates"][0]["metrics"][0]["difference"] == pytest.approx(0.3, abs=0.02)
    for each in found[1:]:
        assert {**each, "origins": None} == {**found[0], "origins": None}
    late = Asked(minio, tmp_path, "compare", a, b, "--margin", "test_loss=1", "--json").summary
    assert late["postHoc"] == ["margin of test_loss 1 instead of 0.05"]
    assert [candidate["version"] for candidate in late["candidates"]] == ["2.4.0-B", "2.1.0"]
    assert late["candidates"][1]["verdict"] == "Equivalent"
    (folder,) = (tmp_path / "diptych-results").iterdir()  # by default results are of this machine
    assert sorted(path.name for path in folder.iterdir()) == WRITTEN["Equivalent"]


def test_a_margin_in_the_file_that_came_after_the_trials_is_late_in_s3_too(
    minio: Server, place: Store, tmp_path: Path
) -> None:
    file = tmp_path / "asked-again.yaml"
    file.write_text(FILE, encoding="utf-8")
    resource = load_bytes(file.read_bytes(), "a test").resource
    assert resource is not None
    wanted = plan_of(resource)
    uploaded(place, wanted, tmp_path)
    run: list[str | Path] = ["run", file, "--output", place.uri, "--json"]
    assert Asked(minio, tmp_path, *run).summary["postHoc"] == []
    records = place.below(wanted.folder)
    before = {name: records.read(name) for name in (*SETTLED, names.PLAN_FILE)}
    file.write_text(FILE.replace("0.5", "0.01"), encoding="utf-8")
    late = Asked(minio, tmp_path, *run).summary
    assert (late["verdict"], late["postHoc"]) == (
        "Different",
        ["margin of test_loss 0.01 instead of 0.5"],
    )
    assert {name: records.read(name) for name in before} == before


def test_what_is_not_there_or_not_reached_is_told(
    minio: Server, place: Store, tmp_path: Path
) -> None:
    done = Asked(minio, tmp_path, "compare", f"{place.uri}/a", f"{place.uri}/b")
    assert (done.code, done.stdout) == (3, "")
    assert f"{place.uri}/a: plan.json: there is none" in " ".join(done.stderr.split())
    address = uploaded(place, made("2.4.0", "2.13.1"), tmp_path)
    wrong = Asked(minio, tmp_path, "analyze", address, "--margin", "test_acc=1")
    assert wrong.code == 2
    assert "there is no metric 'test_acc' in this comparison" in wrong.stderr
