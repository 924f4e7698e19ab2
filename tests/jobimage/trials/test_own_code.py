"""Code of the user's own as trials of a block: what is committed of it, right or wrong."""

import json
import textwrap

import numpy as np
import pytest
from tests.jobimage import fakes

from diptych_runner import frameworks
from diptych_runner.contract import modules, names
from diptych_runner.contract.plan import Plan
from diptych_runner.events import Events
from diptych_runner.records.store import Records
from diptych_runner.stores.folder import Folder
from diptych_runner.trials.block import run_block

#: A regression by hand: 4 examples, 3 epochs of 2 batches.
TRAIN = """
    import numpy as np

    def train(run):
        x = np.arange(8, dtype=np.float32).reshape(4, 2) / 8
        y = x.sum(axis=1)
        shared = run.initial_weights([("w", (2, 1))])
        w = np.zeros(2) if shared is None else shared["w"].ravel()
        run.checkpoint({"w": w})
        for epoch in range(3):
            for chosen in run.batches(len(x), 2):
                error = x[chosen].dot(w) - y[chosen]
                loss = float(np.mean(error ** 2))
                w = w - 0.1 * x[chosen].T.dot(error)
                run.log(loss)
        run.checkpoint({"w": w})
        run.predictions(x.dot(w), y)
"""


@pytest.fixture
def trained(tmp_path, monkeypatch):
    """Return a function that runs one trial of a module and returns its folder's documents."""

    def run(text, control="SharedOrder", entrypoint="mine:train"):
        folder = tmp_path / "code"
        folder.mkdir(exist_ok=True)
        (folder / "mine.py").write_text(textwrap.dedent(text))
        monkeypatch.setenv(modules.MODULE_VARIABLE, str(folder))
        monkeypatch.setattr(
            frameworks, "load", lambda _name, _requested: fakes.FakeFramework(lambda: None)
        )
        module = {"configMap": "code", "entrypoint": entrypoint, "sha256": None}
        document = dict(fakes.plan_of(("0", "1"), (1,), control, module=module).document)
        document["execution"] = {"trialsPerPod": 1, "retriesPerTrial": 0}
        plan = Plan(document)
        store = Records(Folder(str(tmp_path / plan.folder)))
        (trial,) = plan.block("0", 0)
        code = run_block(plan, plan.version("0"), [trial], store, Events(None))
        commit = json.loads((store.commit_of(trial) or b"").decode("utf-8"))
        return code, commit, store.attempt(trial, commit["attempt"])

    return run


def document(attempt, name):
    return json.loads(attempt.read(name).decode("utf-8"))


def error_of(attempt):
    return document(attempt, names.MANIFEST_FILE)["error"]


def test_a_training_by_hand_has_a_whole_record(trained):
    code, commit, attempt = trained(TRAIN)
    assert (code, commit["outcome"]) == (names.EXIT_COMMITTED, names.SUCCEEDED)
    manifest = document(attempt, names.MANIFEST_FILE)
    assert manifest["stepsCompleted"] == 6
    assert sorted(manifest["files"]) == [
        "checkpoints/step-0.npz",
        "checkpoints/step-6.npz",
        "environment.json",
        "inputs.jsonl",
        "metrics.jsonl",
        "predictions.npz",
        "timing.json",
    ]
    environment = document(attempt, names.ENVIRONMENT_FILE)
    assert environment["shared"] == ["batchOrder", "initialWeights"]
    assert environment["seeds"]["batchOrder"] == 1
    text = textwrap.dedent(TRAIN).encode("ascii")
    assert environment["code"]["user"] == modules.sha256_of({"mine.py": text})
    assert environment["data"]["testExamples"] == 4
    timing = document(attempt, names.TIMING_FILE)
    assert len(timing["stepSeconds"]) == 6


def test_under_native_nothing_is_called_shared(trained):
    _, _, attempt = trained(TRAIN, control="Native")
    assert document(attempt, names.ENVIRONMENT_FILE)["shared"] == []


def test_an_error_is_committed_with_its_place_and_the_end_of_its_traceback(trained):
    _, commit, attempt = trained(TRAIN.replace("run.log(loss)", "run.log(loss / 0)"))
    assert commit["outcome"] == names.FAILED
    error = error_of(attempt)
    assert error["type"] == "ZeroDivisionError"
    assert error["message"] == (
        "mine.py, line 15: float division by zero (in train: run.log(loss / 0))"
    )
    assert error["traceback"].rstrip().endswith("ZeroDivisionError: float division by zero")


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        ("run.log(loss)", "pass", "logged no step"),
        ("run.predictions(x.dot(w), y)", "pass", "no metric can be computed"),
        ('run.checkpoint({"w": w})\n        run.pred', "run.pred", "no checkpoint at step 6"),
        ("run.predictions(x.dot(w), y)", "run.predictions(x, y)", "[4, 2] and [4]"),
        ("def train(run)", "def other(run)", "mine has no function train"),
        (
            "run.predictions(x.dot(w), y)",
            "raise SystemExit()",
            "the code ended itself (mine.py, line 17, in train: raise SystemExit()) before its "
            "end: the code gave no predictions",
        ),
        ("run.log(loss)", "run.parameters['beta_1']", "run.parameters has no 'beta_1'; it has:"),
    ],
)
def test_what_the_code_leaves_out_is_told(trained, line, instead, told):
    assert line in TRAIN
    _, commit, attempt = trained(TRAIN.replace(line, instead))
    assert commit["outcome"] == names.FAILED
    assert error_of(attempt)["type"] in ("ModuleError", "ParameterMissing")
    assert told in error_of(attempt)["message"]


@pytest.mark.parametrize("caught", ["", "try:\n                    run.log(loss * np.nan)\n"])
def test_a_loss_that_is_not_finite_is_diverged_even_where_it_is_caught(trained, caught):
    planted = "run.log(loss * np.nan)"
    if caught:
        planted = caught + "                except Exception:\n                    break"
    _, commit, attempt = trained(TRAIN.replace("run.log(loss)", planted))
    assert commit["outcome"] == names.DIVERGED
    assert attempt.read(names.PREDICTIONS_FILE) is None
    assert b'"NaN"' in attempt.read(names.METRICS_FILE)


def test_predictions_that_are_not_finite_are_diverged_too(trained):
    _, commit, attempt = trained(TRAIN.replace("x.dot(w), y)", "x.dot(w) * np.inf, y)"))
    assert commit["outcome"] == names.DIVERGED
    assert attempt.read(names.PREDICTIONS_FILE) is not None


def test_code_that_is_missing_makes_the_block_impossible(trained):
    code, commit, attempt = trained(TRAIN, entrypoint="absent:train")
    assert code == names.EXIT_IMPOSSIBLE
    assert commit["outcome"] == names.FAILED
    assert "holds no absent.py" in error_of(attempt)["message"]


def test_the_digits_are_the_data_where_the_plan_names_none(trained):
    script = """
        import numpy as np
        from diptych_runner.module import run

        (x_train, y_train), (x_test, y_test) = run.data
        run.checkpoint({"w": np.zeros(1)})
        run.log(float(x_train.max()))
        run.checkpoint({"w": np.zeros(1)})
        run.predictions(x_test.astype(float).sum(axis=(1, 2)), y_test)
    """
    _, commit, attempt = trained(script, entrypoint="mine")
    assert commit["outcome"] == names.SUCCEEDED
    data = document(attempt, names.ENVIRONMENT_FILE)["data"]
    assert (data["source"], data["testExamples"]) == ("UCI handwritten digits", 360)
    assert json.loads(attempt.read(names.METRICS_FILE).decode("ascii"))["train_loss"] == 16.0
    assert np.all(np.isfinite(document(attempt, names.TIMING_FILE)["stepSeconds"]))
