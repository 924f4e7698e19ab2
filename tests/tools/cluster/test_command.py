"""`up` holds a cluster until `down`; another checkout's is another."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tools.cluster import __main__ as command
from tools.cluster import images, real_cluster
from tools.cluster.checkouts import images_of, names, state
from tools.cluster.control_plane import ControlPlane
from tools.cluster.errors import ClusterError
from tools.cluster.watchdog import start_time

ROOT = Path(__file__).resolve().parents[3]


def cluster(checkout: Path, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "tools.cluster", *arguments],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture
def checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A checkout of its own, with a cache of its own; return the folder of its cluster."""
    monkeypatch.setenv("DIPTYCH_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return state(2)


def test_down_removes_the_images_that_a_node_had(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images_of(checkout).mkdir()
    (images_of(checkout) / "layer").write_bytes(b"gigabytes")
    assert command.main(["down", "--level", "2"]) == 0
    assert "none is running" in capsys.readouterr().out
    assert [each.name for each in checkout.parent.iterdir()] == [checkout.name]


def test_down_leaves_nothing_but_whose_it_was(checkout: Path) -> None:
    (checkout / "pki").mkdir()
    (checkout / "pki" / "ca.key").write_text("secret")
    (checkout / "holder.log").write_text("cluster: starting etcd ... 0 s")
    assert command.main(["down", "--level", "2"]) == 0
    assert [each.name for each in checkout.iterdir()] == ["checkout"]
    assert names(), "or others would remove the images that were built for it"


def test_one_cluster_at_a_time_has_the_images(checkout: Path) -> None:
    with real_cluster._alone(images_of(checkout)):
        with pytest.raises(ClusterError, match="is running"):
            real_cluster.forget_images(images_of(checkout))
        assert images_of(checkout).exists()
    real_cluster.forget_images(images_of(checkout))
    assert not images_of(checkout).exists()


def holder(folder: Path, script: str) -> "subprocess.Popen[bytes]":
    with (folder / "holder.log").open("wb") as log:
        return subprocess.Popen(["sh", "-c", script], cwd=folder, stdout=log)


def test_the_last_step_of_a_start_is_told_whole(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process = holder(checkout, "echo 'cluster: starting etcd ... 0 s'; touch ready")
    process.wait()
    command._show_until_ready(checkout, process)
    assert capsys.readouterr().err == "cluster: starting etcd ... 0 s\n"


def test_why_a_start_failed_follows_the_step(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process = holder(
        checkout, "printf 'cluster: starting etcd ...'; sleep 0.5; echo ' not done'; echo why"
    )
    with pytest.raises(ClusterError, match="could not be started; logs: /"):
        command._show_until_ready(checkout, process)
    assert capsys.readouterr().err == "cluster: starting etcd ... not done\nwhy\n"


def test_a_cluster_of_an_older_state_says_so(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "holder").write_text(f"{os.getpid()} {start_time(os.getpid())}")
    (checkout / "ready").write_text("export KUBECONFIG=here\n")
    (checkout / "contents").write_text(json.dumps({"operator:1": "a", "analysis:1": "b"}))
    monkeypatch.setattr(command, "make_all", lambda _level: None)
    now = {"operator:1": "other", "analysis:1": "b"}
    monkeypatch.setattr(images, "contents", lambda _versions: now)
    assert command.main(["up", "--level", "2"]) == 0
    shown = capsys.readouterr()
    assert shown.out == "export KUBECONFIG=here\n"
    assert "an older state of operator:1; for the present one: make cluster-down" in shown.err
    monkeypatch.setattr(images, "contents", lambda _versions: {"analysis:1": "b"})
    command.main(["up", "--level", "2"])
    assert "older state" not in capsys.readouterr().err


def test_make_says_what_it_sets_up_where_no_shell_runs_it(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "uv.lock", "tools/bootstrap-requirements.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for member in ("operator", "jobimage", "analysis"):
        (tmp_path / member).mkdir()
        (tmp_path / member / "pyproject.toml").touch()
    (tmp_path / "uv").write_text('#!/bin/sh\nmkdir -p .venv; echo "ran $1"\n')
    bootstrap = tmp_path / "tools" / "bootstrap.sh"
    bootstrap.write_text(
        "#!/bin/sh\necho Setting up uv\nmkdir -p .bootstrap/bin\ncp uv .bootstrap/bin/uv\n"
    )
    for program in (tmp_path / "uv", bootstrap):
        program.chmod(0o755)
    made = subprocess.run(
        ["make", "cluster-up"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert made.stdout == "ran run\n"
    assert "Setting up uv" in made.stderr


def test_up_tells_how_to_reach_it_and_down_ends_it(
    control_plane: ControlPlane, tmp_path: Path
) -> None:
    shown = cluster(tmp_path, "up", "--nodes", "3")
    try:
        assert all(line.startswith("export ") for line in shown.splitlines()), shown
        found = re.search(r"export KUBECONFIG=(\S+)", shown)
        assert found is not None
        which = subprocess.run(
            ["bash", "-c", f"{shown}\ncommand -v kubectl"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert which.stdout.strip() == str(control_plane.kubectl)
        kubectl = [str(control_plane.kubectl), "--kubeconfig", found[1]]
        names = [*kubectl, "get", "nodes", "-o", "name"]
        nodes = subprocess.run(names, capture_output=True, check=True)
        assert len(nodes.stdout.split()) == 3
        assert cluster(tmp_path, "up") == shown, "it is there: nothing is started again"
    finally:
        cluster(tmp_path, "down")
    assert [each.name for each in Path(found[1]).parents[1].iterdir()] == ["checkout"]
    assert "none is running" in cluster(tmp_path, "down")
