"""Twin of tools/kind.sh: its commands in order, recorded by stand-ins for docker and kind.

kind itself needs a Docker engine. What it would apply is applied to a real API server in
tests/integration/kubernetes/test_manifests.py.
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tools import images

ROOT = images.ROOT

#: Notes its own name and arguments; `python` answers for tools.images as the real one would.
STAND_IN = """#!/bin/sh
echo "$(basename "$0") $*" >>"$CALLS"
case "$*" in
*--names*) echo name:1; echo name:2 ;;
"get clusters") echo "$CLUSTERS" ;;
esac
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def kind(tmp_path: Path) -> Run:
    """Return a function that runs the script in a copy, among stand-ins."""
    (tmp_path / "tools").mkdir()
    script = tmp_path / "tools" / "kind.sh"
    script.write_bytes((ROOT / "tools" / "kind.sh").read_bytes())
    programs = tmp_path / "programs"
    for path in (programs / "docker", programs / "kind", tmp_path / ".venv" / "bin" / "python"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STAND_IN, encoding="utf-8")
        path.chmod(0o755)

    def run(verb: str, clusters: str = "", without: str = "") -> subprocess.CompletedProcess[str]:
        (programs / without).unlink() if without else None
        return subprocess.run(
            ["bash", script, verb],
            env={
                "PATH": f"{programs}:/usr/bin:/bin" if not without else f"{programs}:/bin",
                "CALLS": str(tmp_path / "calls"),
                "CLUSTERS": clusters,
                "VERSIONS": "2.4.0",
                "HOME": os.environ["HOME"],
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def calls(tmp_path: Path) -> list[str]:
    return (tmp_path / "calls").read_text(encoding="utf-8").splitlines()


def test_up_makes_the_cluster_then_its_images_then_deploys(kind: Run, tmp_path: Path) -> None:
    assert kind("up").returncode == 0
    wanted = "-m tools.images operator analysis runner minio --accelerator cpu"
    wanted += " --versions 2.4.0 1.2.1 1.4.0"
    assert calls(tmp_path) == [
        "docker info",
        "kind get clusters",
        "kind create cluster --name diptych --config tools/kind.yaml",
        f"python {wanted} --builder docker",
        f"python {wanted} --names",
        "kind load docker-image --name diptych name:1",
        "kind load docker-image --name diptych name:2",
        "python -m tools.deploy --context kind-diptych --gpus 2",
    ]


def test_a_cluster_that_is_there_is_used(kind: Run, tmp_path: Path) -> None:
    ended = kind("up", clusters="other\ndiptych")
    assert "The cluster diptych is there" in ended.stdout
    assert not any("create" in call for call in calls(tmp_path))
    # The image that was loaded has the tag of the one that runs.
    assert calls(tmp_path)[-1].endswith("tools.deploy --context kind-diptych --gpus 2 --restart")


def test_the_tests_get_a_kubeconfig_of_this_cluster(kind: Run, tmp_path: Path) -> None:
    assert kind("test").returncode == 0
    assert calls(tmp_path) == [
        "kind get kubeconfig --name diptych",
        "python -m pytest tests/e2e",
    ]


def test_down_deletes_it(kind: Run, tmp_path: Path) -> None:
    assert kind("down").returncode == 0
    assert calls(tmp_path) == ["kind delete cluster --name diptych"]


@pytest.mark.parametrize("verb", ["up", "test", "down"])
def test_a_missing_program_is_named_with_where_to_get_it(kind: Run, verb: str) -> None:
    ended = kind(verb, without="kind")
    assert ended.returncode == 1
    assert ended.stderr.startswith("kind is needed, and is not on PATH: https://kind.sigs.k8s.io")


def test_another_word_is_no_verb(kind: Run) -> None:
    assert kind("upp").returncode == 2


def test_the_arguments_that_it_gives_are_understood() -> None:
    arguments = ["operator", "analysis", "runner", "--accelerator", "cpu", "--versions", "1.2.1"]
    assert images.main([*arguments, "--names"]) == 0
