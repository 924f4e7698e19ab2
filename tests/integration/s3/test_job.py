"""The analysis as a Job's pod, with records on real S3 servers."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.analysis.builder import plan, store, training
from tests.integration.s3.servers import Server

from diptych_runner.contract import hashing, names
from diptych_runner.contract.plan import Plan
from diptych_runner.stores.location import store_at

AsUser = Callable[[dict[str, str]], None]


@pytest.fixture
def made(tmp_path: Path) -> Plan:
    """A plan, mounted as the pod has it."""
    found = plan(seeds=2)
    (tmp_path / "plan.json").write_text(json.dumps(found.document), encoding="utf-8")
    return found


def pod(tmp_path: Path, address: str, variables: dict[str, str]) -> tuple[int, str, bytes]:
    """Run the pod's command with no variable but its own; return code, errors and digest."""
    log = tmp_path / "termination-log"
    log.write_bytes(b"")
    ended = subprocess.run(
        [sys.executable, "-m", "diptych_analysis", "--plan", tmp_path / "plan.json"],
        env={
            "DIPTYCH_STORE": address,
            "DIPTYCH_TERMINATION_LOG": str(log),
            "HOME": str(tmp_path),
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stderr, log.read_bytes()


def in_the_pod(server: Server) -> dict[str, str]:
    """Return what the operator puts into a pod's environment."""
    user = server.environment()
    kept = {name: user[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    return {
        **kept,
        "DIPTYCH_S3_ENDPOINT": server.endpoint,
        "DIPTYCH_S3_REGION": user["AWS_REGION"],
        "NO_PROXY": "127.0.0.1",
    }


def test_records_become_a_report_and_a_digest(
    server: Server, prefix: str, made: Plan, tmp_path: Path, as_user: AsUser
) -> None:
    as_user(server.environment())
    place = store_at(prefix).below(made.folder)
    folder = store(tmp_path / "made", made, lambda trial: training(trial.seed))
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != names.PLAN_FILE:
            place.write(path.relative_to(folder).as_posix(), path.read_bytes())
    code, errors, digest = pod(tmp_path, prefix, in_the_pod(server))
    assert (code, errors) == (names.EXIT_COMMITTED, "")
    found = json.loads(digest)
    assert found["report"]["uri"] == f"{prefix}/{made.folder}/report.html"
    for name, part in (("report.html", "report"), ("summary.json", "summary")):
        assert hashing.sha256_of_bytes(place.read(name) or b"") == found[part]["sha256"]
    assert Plan.from_text((place.read(names.PLAN_FILE) or b"").decode()).uid == made.uid
    assert pod(tmp_path, prefix, in_the_pod(server)) == (code, errors, digest)


def test_a_refused_key_is_told_without_the_key(
    server: Server, prefix: str, made: Plan, tmp_path: Path
) -> None:
    variables = {**in_the_pod(server), "AWS_SECRET_ACCESS_KEY": "another-secret-0123"}
    code, errors, digest = pod(tmp_path, prefix, variables)
    assert (code, digest) == (names.EXIT_UNREACHABLE, b"")
    assert prefix in errors.splitlines()[-1]
    assert "another-secret-0123" not in errors


def test_a_server_that_is_away_is_told(made: Plan, tmp_path: Path) -> None:
    variables = {
        "DIPTYCH_S3_ENDPOINT": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "k",
        "AWS_SECRET_ACCESS_KEY": "s",
        "AWS_MAX_ATTEMPTS": "1",
    }
    code, errors, digest = pod(tmp_path, "s3://results/x", variables)
    assert (code, digest) == (names.EXIT_UNREACHABLE, b"")
    assert "s3://results/x" in errors.splitlines()[-1]
