"""Twin of tools/deploy.py: what it asks of kubectl, recorded by a stand-in."""

from pathlib import Path

import pytest
from tools.deploy import deploy

STAND_IN = """#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
*json*) echo '{"items": []}' ;;
*nodes*) echo node/one ;;
esac
"""


def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, restart: bool) -> list[str]:
    kubectl = tmp_path / "kubectl"
    kubectl.write_text(STAND_IN, encoding="utf-8")
    kubectl.chmod(0o755)
    told = tmp_path / "calls"
    monkeypatch.setenv("CALLS", str(told))
    deploy([str(kubectl)], 2, restart=restart)
    return told.read_text(encoding="utf-8").splitlines()


def test_the_operator_alone_is_started_anew_once_all_is_applied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = calls(tmp_path, monkeypatch, restart=True)
    restart = "rollout restart --namespace=diptych-system deployment/diptych-operator"
    assert [call for call in made if "restart" in call] == [restart]
    assert made[0].startswith("apply --server-side")
    # Whether it works is waited for afterwards.
    assert made.index(restart) < next(i for i, call in enumerate(made) if "deployments" in call)


def test_a_new_cluster_has_nothing_to_start_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not [call for call in calls(tmp_path, monkeypatch, restart=False) if "restart" in call]
