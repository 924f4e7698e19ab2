"""What is committed when trainings succeed, diverge, raise, are killed or are stopped."""

import json
import os
import signal
import sys

import pytest
from tests.jobimage import fakes

from diptych_runner import frameworks, processes
from diptych_runner.contract import hashing, names
from diptych_runner.contract.trials import path_of
from diptych_runner.events import Events
from diptych_runner.records.store import Records
from diptych_runner.stores.errors import StoreUnreachable
from diptych_runner.stores.folder import Folder
from diptych_runner.trials.block import run_block

PLAN = fakes.plan_of(parameters=[("steps", 3)])
BLOCK = PLAN.block("0", 0)


@pytest.fixture
def store(tmp_path):
    return Records(Folder(str(tmp_path / PLAN.folder)), owed=str(tmp_path / "owed"))


@pytest.fixture
def train_with(monkeypatch, store):
    """Return a function that runs the block; `on_step` is called at each of its steps."""

    def run(on_step=lambda: None):
        fake = fakes.FakeFramework(on_step)
        monkeypatch.setattr(frameworks, "load", lambda _name, _requested: fake)
        return run_block(PLAN, PLAN.version("0"), BLOCK, store, Events(None))

    return run


def commit(store, trial):
    content = store.commit_of(trial)
    return None if content is None else json.loads(content.decode("utf-8"))


def manifest(store, trial):
    committed = commit(store, trial)
    content = store.attempt(trial, committed["attempt"]).read(names.MANIFEST_FILE)
    assert hashing.sha256_of_bytes(content) == committed["manifestSha256"]
    return json.loads(content.decode("utf-8"))


def only_in(store, trial, action):
    """Return an on_step that acts in one trial's process alone: its first attempts lie there."""

    def on_step():
        if store.attempts(trial) and store.commit_of(trial) is None:
            return action()
        return None

    return on_step


def test_every_trial_is_committed_with_the_files_of_its_record(store, train_with):
    assert train_with() == names.EXIT_COMMITTED
    for trial in BLOCK:
        found = manifest(store, trial)
        assert found["outcome"] == names.SUCCEEDED
        assert found["stepsCompleted"] == 3
        assert sorted(found["files"]) == [
            "checkpoints/step-0.npz",
            "checkpoints/step-3.npz",
            "environment.json",
            "inputs.jsonl",
            "metrics.jsonl",
            "predictions.npz",
            "probe.npz",
            "timing.json",
        ]
        attempt = store.attempt(trial, found["attempt"])
        for path, entry in found["files"].items():
            content = attempt.read(path)
            assert hashing.sha256_of_bytes(content) == entry["sha256"]
            assert len(content) == entry["bytes"]


def test_a_committed_trial_is_never_run_again(store, train_with):
    train_with()
    before = [store.commit_of(trial) for trial in BLOCK]

    def must_not_run():
        raise AssertionError("trained again")

    assert train_with(must_not_run) == names.EXIT_COMMITTED
    assert [store.commit_of(trial) for trial in BLOCK] == before


def test_equal_trials_have_equal_content(store, train_with, tmp_path):
    train_with()
    first = [manifest(store, trial)["arrays"] for trial in BLOCK]
    os.rename(store.store.uri, str(tmp_path / "first"))
    train_with()
    assert [manifest(store, trial)["arrays"] for trial in BLOCK] == first


def test_a_diverged_trial_is_committed_as_such_and_its_neighbours_go_on(store, train_with):
    infinity = float("inf")
    assert train_with(only_in(store, BLOCK[1], lambda: infinity)) == names.EXIT_COMMITTED
    outcomes = [commit(store, trial)["outcome"] for trial in BLOCK]
    assert outcomes == [names.SUCCEEDED, names.DIVERGED, names.SUCCEEDED]
    found = manifest(store, BLOCK[1])
    assert found["stepsCompleted"] == 1
    assert "predictions.npz" not in found["files"]
    line = store.attempt(BLOCK[1], found["attempt"]).read("metrics.jsonl").decode("utf-8")
    assert json.loads(line) == {"step": 1, "train_loss": "Infinity"}


def test_a_trial_that_fails_twice_alike_is_committed_with_its_error(store, train_with):
    def fail():
        raise ValueError("planted")

    assert train_with(only_in(store, BLOCK[0], fail)) == names.EXIT_COMMITTED
    outcomes = [commit(store, trial)["outcome"] for trial in BLOCK]
    assert outcomes == [names.FAILED, names.SUCCEEDED, names.SUCCEEDED]
    error = manifest(store, BLOCK[0])["error"]
    assert (error["type"], error["message"]) == ("ValueError", "planted")
    assert "in fail" in error["traceback"]
    # Two attempts ran, and a third folder holds the verdict on them.
    assert len(store.attempts(BLOCK[0])) == 3


def test_a_trial_that_fails_otherwise_each_time_has_all_its_retries(store, train_with):
    def fail():
        raise ValueError("planted in attempt {}".format(len(store.attempts(BLOCK[0]))))

    assert train_with(only_in(store, BLOCK[0], fail)) == names.EXIT_COMMITTED
    assert manifest(store, BLOCK[0])["error"]["message"] == "planted in attempt 3"
    assert len(store.attempts(BLOCK[0])) == PLAN.retries_per_trial + 2


def test_a_trial_killed_once_is_run_again_and_leaves_nothing_that_counts(store, train_with):
    def kill_first_attempt():
        if len(store.attempts(BLOCK[0])) == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    assert train_with(only_in(store, BLOCK[0], kill_first_attempt)) == names.EXIT_COMMITTED
    attempts = store.attempts(BLOCK[0])
    assert len(attempts) == 2
    assert store.attempt(BLOCK[0], attempts[0]).read(names.MANIFEST_FILE) is None
    assert commit(store, BLOCK[0])["attempt"] == attempts[1]
    assert commit(store, BLOCK[0])["outcome"] == names.SUCCEEDED


def test_a_trial_killed_every_time_is_committed_as_killed(store, train_with):
    kill = only_in(store, BLOCK[0], lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert train_with(kill) == names.EXIT_COMMITTED
    error = manifest(store, BLOCK[0])["error"]
    assert error["type"] == "Killed"
    assert "3 attempts" in error["message"]
    assert "signal 9" in error["message"]
    assert commit(store, BLOCK[1])["outcome"] == names.SUCCEEDED


def test_attempts_of_earlier_blocks_count(store, train_with):
    for place in range(PLAN.retries_per_trial + 1):
        store.begin(BLOCK[0], "{:03d}-dead".format(place))
    train_with()
    assert commit(store, BLOCK[0])["outcome"] == names.FAILED
    assert commit(store, BLOCK[1])["outcome"] == names.SUCCEEDED


def test_a_stopped_attempt_is_withdrawn_and_not_counted(store, train_with):
    parent = os.getpid()

    def stop_the_block():
        os.kill(parent, signal.SIGTERM)
        signal.pause()

    with processes.stoppable(), pytest.raises(processes.Stopped):
        train_with(only_in(store, BLOCK[1], stop_the_block))
    assert commit(store, BLOCK[0])["outcome"] == names.SUCCEEDED
    assert commit(store, BLOCK[1]) is None
    assert store.attempts(BLOCK[1]) == []


def test_a_store_that_fails_in_mid_attempt_is_no_attempt_of_the_trial(
    store, train_with, monkeypatch
):
    away = StoreUnreachable("planted: the store is away")
    whole = Folder.write

    def fail(folder, path, content):
        if path == names.TIMING_FILE and path_of(BLOCK[1]) in folder.uri:
            raise away
        whole(folder, path, content)

    monkeypatch.setattr(Folder, "write", fail)
    with pytest.raises(StoreUnreachable):
        train_with()
    assert commit(store, BLOCK[0])["outcome"] == names.SUCCEEDED
    assert commit(store, BLOCK[1]) is None
    assert store.attempts(BLOCK[1]) == []
    monkeypatch.setattr(Folder, "write", whole)
    assert train_with() == names.EXIT_COMMITTED
    assert [commit(store, trial)["outcome"] for trial in BLOCK] == [names.SUCCEEDED] * 3


def test_an_attempt_that_cannot_be_taken_back_is_taken_back_at_the_next_start(
    store, train_with, monkeypatch
):
    away = StoreUnreachable("planted: the store is away")

    def fail(_folder, *_rest):
        raise away

    store.begin(BLOCK[0], "000-a")
    with monkeypatch.context() as outage:
        outage.setattr(Folder, "remove", fail)
        with pytest.raises(StoreUnreachable):
            store.withdraw(BLOCK[0], "000-a")
    assert store.attempts(BLOCK[0]) == ["000-a"]
    store.settle()
    assert store.attempts(BLOCK[0]) == []
    store.settle()


def test_an_image_with_another_version_is_impossible_and_says_so_last(store, monkeypatch, capfd):
    def refuse(_name, _requested):
        raise frameworks.FrameworkMissing("the plan asks for 0, but this image holds 1")

    monkeypatch.setattr(frameworks, "load", refuse)
    code = run_block(PLAN, PLAN.version("0"), BLOCK, store, Events(sys.stderr.fileno()))
    assert code == names.EXIT_IMPOSSIBLE
    last = capfd.readouterr().err.splitlines()[-1]
    assert last == "version 0: the plan asks for 0, but this image holds 1"
    assert {commit(store, trial)["outcome"] for trial in BLOCK} == {names.FAILED}
    assert "this image holds 1" in manifest(store, BLOCK[0])["error"]["message"]


@pytest.mark.parametrize(
    ("workload", "version", "gpus", "message"),
    [
        ("mnist-mlp", "2.4.0", 2, "mnist-mlp trains on one GPU in version 2.4.0, not on 2"),
        ("image-cnn", "1.15.5", 4, "image-cnn trains on one GPU in version 1.15.5, not on 4"),
    ],
)
def test_several_gpus_that_only_one_would_be_used_of_are_impossible(
    store, workload, version, gpus, message
):
    plan = fakes.plan_of((version, "0"), (1,), workload=workload, gpus=gpus)
    block = plan.block(version, 0)
    code = run_block(plan, plan.version(version), block, store, Events(None))
    assert code == names.EXIT_IMPOSSIBLE
    assert message in manifest(store, block[0])["error"]["message"]


def test_a_batch_that_is_too_small_for_every_gpu_fails_before_training(store, monkeypatch):
    fake = fakes.FakeFramework(lambda: None)
    monkeypatch.setattr(frameworks, "load", lambda _name, _requested: fake)
    # 1437 digits in batches of 4: one is left.
    plan = fakes.plan_of(
        ("2.4.0", "0"), (1,), workload="image-cnn", parameters=[("batchSize", 4)], gpus=2
    )
    block = plan.block("2.4.0", 0)
    run_block(plan, plan.version("2.4.0"), block, store, Events(None))
    error = manifest(store, block[0])["error"]
    assert error["type"] == "Unsupported"
    assert "2 GPUs cannot share the last batch of an epoch, of 1 examples" in error["message"]


def test_of_two_blocks_at_once_one_commit_counts(store, train_with):
    rival = b'{"outcome": "Succeeded", "rival": true}'

    def commit_before_us():
        trial = BLOCK[0]
        if store.commit_of(trial) is None and store.attempts(trial):
            store.begin(trial, "zzz-rival")
            store.commit(trial, rival)

    assert train_with(commit_before_us) == names.EXIT_COMMITTED
    assert store.commit_of(BLOCK[0]) == rival


def test_paths_of_the_block_are_those_of_the_plan():
    assert [path_of(trial) for trial in BLOCK] == [
        "trials/0/SharedOrder/setting-0/seed-{}/repeat-0".format(seed) for seed in (1, 2, 3)
    ]
