"""Twin of progress.py."""

import pytest
from tools.cluster.progress import step


def test_a_step_is_told_when_it_begins_and_timed_when_it_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with step("starting etcd"):
        assert capsys.readouterr().err == "cluster: starting etcd ..."
    assert capsys.readouterr().err == " 0 s\n"


def test_a_step_that_fails_ends_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OSError, match="gone"), step("starting etcd"):
        raise OSError("gone")
    assert capsys.readouterr().err == "cluster: starting etcd ... not done\n"
