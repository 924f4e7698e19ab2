"""Whole comparisons in S3: killed, cut off from their server, analysed there, no secret shown."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.integration.s3 import servers
from tests.integration.s3.conftest import client_of, make_bucket
from tests.requirements import left_out_where_missing
from tools.cluster.binaries import program

from diptych.local import cache
from diptych_runner.stores.base import Store
from diptych_runner.stores.location import store_at

pytestmark = [pytest.mark.environments, pytest.mark.needs_python("3.8")]

COMPARISON = """
apiVersion: diptych.dev/v1alpha1
kind: VersionComparison
metadata: {{name: in-s3}}
spec:
  versions: [{{name: "2.4.0"}}, {{name: same, version: "2.4.0"}}]
  workload:
    builtin: adam-linear-regression
    parameters: {{steps: 400}}
  seeds: {{values: [11, 12]}}
  noiseFloor: {{seeds: 1, repeats: 2}}
  control: SharedOrder
  trialsPerPod: 3
  failurePolicy: {{retriesPerTrial: 0}}
  storage: {{uri: "{uri}", endpoint: "{endpoint}", region: {region}, addressingStyle: path}}
"""


@pytest.fixture
def user(minio: servers.Server) -> dict[str, str]:
    """Return a user's variables: credentials alone, the rest is in the spec."""
    variables = minio.environment()
    del variables["AWS_ENDPOINT_URL_S3"], variables["AWS_REGION"]
    return {**variables, "AWS_MAX_ATTEMPTS": "2"}


@pytest.fixture
def file(tmp_path: Path, minio: servers.Server, prefix: str) -> Iterator[Path]:
    path = tmp_path / "in-s3.yaml"
    values = {"uri": prefix, "endpoint": minio.endpoint, "region": servers.REGION}
    path.write_text(COMPARISON.format(**values), encoding="utf-8")
    before = set(local_folders())
    yield path
    for folder in set(local_folders()) - before:
        shutil.rmtree(folder)


@pytest.fixture
def store(minio: servers.Server, prefix: str, as_user: Callable[[dict[str, str]], None]) -> Store:
    """Return what the run writes to, seen from outside."""
    as_user(minio.environment())
    return store_at(prefix)


def local_folders() -> list[Path]:
    return list((cache.cache_root() / "comparisons").glob("in-s3-*"))


def diptych(user: dict[str, str], *arguments: str | Path) -> subprocess.Popen[str]:
    kept = {name: each for name, each in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.Popen(
        [sys.executable, "-m", "diptych", *arguments],
        env={**kept, **user},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finished(run: subprocess.Popen[str]) -> tuple[dict[str, Any], str]:
    """Return the summary, and everything that was printed."""
    stdout, stderr = run.communicate(timeout=300)
    assert run.returncode == 0, stderr[-3000:]
    return json.loads(stdout), stdout + stderr


def commits(store: Store) -> dict[str, bytes | None]:
    return {path: store.read(path) for path in store.walk("") if path.endswith("/COMMIT")}


def until(condition: Callable[[], bool], run: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert run.poll() is None, "the run ended too early"
        assert time.monotonic() < deadline, "the condition never held"
        time.sleep(0.1)


def in_mid_trial(store: Store) -> bool:
    """Whether a trial is committed and another one is begun."""
    paths = list(store.walk(""))
    begun = {path.split("/attempts/")[0] for path in paths if "/attempts/" in path}
    committed = {path.removesuffix("/COMMIT") for path in paths if path.endswith("/COMMIT")}
    return bool(committed) and bool(begun - committed)


def assert_no_secret(store: Store, printed: str) -> None:
    """Look for the secret in everything that was written and printed."""
    assert servers.SECRET not in printed
    secret = servers.SECRET.encode("ascii")
    for path in store.walk(""):
        assert secret not in (store.read(path) or b""), path
    for folder in local_folders():
        for file in folder.rglob("*"):
            assert not file.is_file() or secret not in file.read_bytes(), file


def test_kill_9_of_a_run_in_s3_then_again(
    file: Path, store: Store, user: dict[str, str], prefix: str
) -> None:
    run = diptych(user, "run", file, "--json")
    until(lambda: in_mid_trial(store), run)
    run.kill()
    run.communicate()
    before = commits(store)
    # retriesPerTrial is 1 here: the attempt that was killed is counted, and one more is left.
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("retriesPerTrial: 0", "retriesPerTrial: 1"), encoding="utf-8")
    summary, printed = finished(diptych(user, "run", file, "--json"))
    assert summary["verdict"] == "Identical"
    assert summary["trials"]["succeeded"] == summary["trials"]["planned"] == 6
    after = commits(store)
    assert before
    assert {path: after[path] for path in before} == before
    (folder,) = store.children("")
    names = store.below(folder).children("")
    assert names == ["plan.json", "report.html", "summary.json", "summary.md", "trials"]
    assert_no_secret(store, printed)

    # The same from the bucket alone, without training; what the spec said is in the environment.
    user = {**user, "DIPTYCH_S3_ENDPOINT": _endpoint(text), "AWS_REGION": servers.REGION}
    again, _ = finished(diptych(user, "analyze", f"{prefix}/{folder}", "--json"))
    assert again == summary
    victim = next(path for path in store.walk("") if path.endswith("predictions.npz"))
    content = bytearray(store.read(victim) or b"")
    content[len(content) // 2] ^= 1
    store.write(victim, bytes(content))
    refused = diptych(user, "analyze", f"{prefix}/{folder}", "--json")
    stdout, stderr = refused.communicate(timeout=120)
    assert refused.returncode == 3, stderr
    assert "predictions.npz: sha256 is" in json.loads(stdout)["trials"]["failed"][0]["reason"]


def _endpoint(text: str) -> str:
    return text.split('endpoint: "')[1].split('"', maxsplit=1)[0]


def test_a_server_that_dies_in_mid_run_fails_no_trial(
    tmp_path: Path, user: dict[str, str], as_user: Callable[[dict[str, str]], None], prefix: str
) -> None:
    with left_out_where_missing():
        program("minio")
    (port,) = servers.free_ports(1)
    home = tmp_path / "server"
    home.mkdir()
    with servers.minio(home, port) as server, contextlib.ExitStack() as later:
        make_bucket(server)
        as_user(server.environment())
        store = store_at(prefix)
        path = tmp_path / "in-s3.yaml"
        values = {"uri": prefix, "endpoint": server.endpoint, "region": servers.REGION}
        path.write_text(COMPARISON.format(**values), encoding="utf-8")
        run = diptych(user, "run", path, "--json")
        later.callback(_end, run)
        until(lambda: in_mid_trial(store), run)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        time.sleep(8)
        assert run.poll() is None, run.communicate()[1]
        with servers.minio(home, port) as revived:
            summary, printed = finished(run)
            assert client_of(revived) is not None
            assert summary["trials"]["succeeded"] == summary["trials"]["planned"] == 6
            assert summary["trials"]["failed"] == []
            assert "waits 5 s to start again: " in printed
            assert_no_secret(store, printed)
    for folder in local_folders():
        shutil.rmtree(folder)


def _end(run: subprocess.Popen[str]) -> None:
    if run.poll() is None:
        run.terminate()
        run.wait(30)
