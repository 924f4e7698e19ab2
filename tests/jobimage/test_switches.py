import os
import sys

import pytest

from diptych_runner import switches

AXES = {"threads": 2, "gpus": 0}


def test_threads_hash_seed_and_devices_follow_from_the_plan():
    variables = switches.wanted(AXES, [])
    assert {variables[name] for name in switches.THREAD_VARIABLES} == {"2"}
    assert variables["PYTHONHASHSEED"] == "0"
    assert variables["CUDA_VISIBLE_DEVICES"] == "-1"
    assert "CUDA_VISIBLE_DEVICES" not in switches.wanted(dict(AXES, gpus=1), [])


def test_a_versions_own_environment_wins():
    variables = switches.wanted(AXES, [{"name": "OMP_NUM_THREADS", "value": "8"}])
    assert variables["OMP_NUM_THREADS"] == "8"


def test_the_interpreter_starts_again_only_when_something_is_missing(monkeypatch):
    started = []
    monkeypatch.setattr(os, "execve", lambda *arguments: started.append(arguments))
    monkeypatch.setattr(sys, "argv", ["diptych_runner", "--index", "3"])
    monkeypatch.setenv("DIPTYCH_TEST_SWITCH", "1")
    switches.restart_with({"DIPTYCH_TEST_SWITCH": "1"})
    assert started == []
    switches.restart_with({"DIPTYCH_TEST_SWITCH": "2"})
    program, command, environment = started[0]
    assert program == sys.executable
    assert command[1:] == ["-m", "diptych_runner", "--index", "3"]
    assert environment["DIPTYCH_TEST_SWITCH"] == "2"


def test_a_variable_that_starting_again_does_not_set_is_an_error_and_no_loop(monkeypatch):
    monkeypatch.setenv("DIPTYCH_RESTARTED", "1")
    monkeypatch.setattr(os, "execve", lambda *_: pytest.fail("started once more"))
    with pytest.raises(switches.SwitchError) as caught:
        switches.restart_with({"LC_CTYPE": "never"})
    assert "LC_CTYPE cannot be set to 'never'" in str(caught.value)


@pytest.mark.parametrize("name", ["TF_ENABLE_ONEDNN_OPTS", "MY_SWITCH"])
def test_switches_of_numerics_and_of_the_version_are_recorded(monkeypatch, name):
    monkeypatch.setenv(name, "0")
    assert switches.recorded([{"name": "MY_SWITCH", "value": "0"}])[name] == "0"
