"""Twin of cli/submit.py, without a cluster: what is refused before one is asked.

With one: tests/integration/kubernetes/test_submit.py.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from diptych.cli.exits import Exit

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def no_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no kubeconfig of whoever runs the tests."""
    monkeypatch.setattr(
        "kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(tmp_path / "absent")
    )


def test_a_wrong_file_never_gets_as_far_as_a_cluster(diptych: Run, file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace("count: 2", "count: 0")
    file.write_text(text, encoding="utf-8")
    done = diptych("submit", file)
    assert done.exit_code == Exit.BAD_INPUT
    assert "spec.seeds.count" in done.stderr
    assert "cluster" not in done.stderr


def test_a_version_that_no_image_follows_from_is_refused_here(diptych: Run, file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace('"2.4.0"', '"2.4.99"')
    file.write_text(text, encoding="utf-8")
    done = diptych("submit", file)
    assert done.exit_code == Exit.BAD_INPUT
    assert "spec.versions[0].image: must be given" in done.stderr
    assert "or take 2.4.0" in done.stderr


def test_two_namespaces_are_one_too_many(diptych: Run, file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace("name: small", "name: small\n  namespace: a")
    file.write_text(text, encoding="utf-8")
    done = diptych("submit", file, "--namespace", "b")
    assert done.exit_code == Exit.BAD_INPUT
    assert "'b' is not the file's metadata.namespace, 'a'" in done.stderr


@pytest.mark.parametrize("command", [("submit",), ("report",)])
def test_without_a_cluster_that_is_said(diptych: Run, file: Path, command: tuple[str]) -> None:
    done = diptych(*command, file if command == ("submit",) else "small")
    assert done.exit_code == Exit.NO_VERDICT
    assert done.stderr.startswith("no cluster to ask: ")
