"""Our fit beside Keras's own in what an ordinary model rarely has, in every version that has it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from diptych_runner.contract import tables

pytestmark = pytest.mark.environments

RunScript = Callable[..., dict[str, Any]]
SCRIPTS = Path(__file__).resolve().parents[1] / "jobimage" / "module"
PYTHONS = {row.version: row.python for row in tables.environments("tensorflow")}


def since(first: str) -> list[Any]:
    """Return the versions from one on, as parameters of a test."""
    versions = list(PYTHONS)
    return [
        pytest.param(version, marks=pytest.mark.needs_python(PYTHONS[version]))
        for version in versions[versions.index(first) :]
    ]


def cases_of(version: str) -> list[str]:
    """Return the cases that a version knows."""
    known = tuple(map(int, version.split(".")[:2]))
    first = {
        "clipped": (1, 4),
        "compiled-again": (1, 4),
        "in-double": (1, 4),
        "loss-weights": (1, 4),
        "masks": (1, 4),
        "shared-logs": (1, 4),
        "stopped-in-an-epoch": (1, 4),
        "trainable-afterwards": (1, 15),
        "whole-numbers": (1, 4),
        "whole-numbers-of-an-own-loss": (1, 4),
        "eagerly": (2, 0),
        "recurrent": (2, 0),
        "without-gradient": (2, 0),
        "by-xla": (2, 8),
        "moving-average": (2, 11),
    }
    found = [name for name, since in first.items() if since <= known]
    if known >= (2, 0):
        # Keras 2 hands whole numbers on as they are.
        found.remove("whole-numbers-of-an-own-loss")
    return found


def refused_in(known: tuple[int, ...]) -> dict[str, str]:
    """Return by case what a version's refusal says."""
    last = (99, 0)
    rows = (
        ("one-batch", (1, 4), last, "train_on_batch is not taken over, only fit is"),
        ("tested", (1, 4), last, "LambdaCallback has on_test_end, which is not called"),
        ("fit", (1, 4), last, "the model has a fit of its own"),
        ("frozen", (1, 4), (1, 15), "trainable changed after compile"),
        ("unheard", (1, 4), (2, 0), "which fit of TensorFlow 1.x does not tell here"),
        ("generator", (1, 4), (2, 5), "fit_generator is not taken over, only fit is"),
        ("stateful", (2, 0), last, "(LSTM) has stateful=True"),
        ("scaled-loss", (2, 4), last, "a scaled loss (mixed_float16) is not supported"),
        ("several-batches", (2, 4), last, "compile it with steps_per_execution=1"),
        ("train-function", (2, 4), last, "the model has a make_train_function of its own"),
        ("minimize", (2, 4), (2, 16), "the optimizer (Own) has a minimize of its own"),
        ("scale-factor", (2, 16), last, "a scaled loss (loss_scale_factor) is not supported"),
    )
    return {name: part for name, since, until, part in rows if since <= known < until}


def near(told: object) -> object:
    """Return what equals the same but for the rounding of its fractions."""
    if isinstance(told, dict):
        return {name: near(value) for name, value in told.items()}
    if isinstance(told, list):
        return [near(value) for value in told]
    return pytest.approx(told, rel=1e-5) if isinstance(told, float) else told


@pytest.mark.parametrize("version", since("1.4.0"))
def test_our_fit_ends_as_keras_ends_and_tells_what_it_tells(
    version: str, run_script: RunScript
) -> None:
    cases = cases_of(version)
    told = run_script(SCRIPTS / "cases_beside_keras.py", version, *cases)
    assert list(told) == cases
    for name, case in told.items():
        assert set(case["distances"]) == {0.0}, name
        assert case["moved"] > 0, name
        assert case["recorded"] == 0.0, name
        assert case["ours"] == near(case["theirs"]), name
    assert told["stopped-in-an-epoch"]["steps"] == 8
    # It ended early, by a number that a callback gave another.
    assert 3 < len(told["shared-logs"]["ours"]["history"]["val_f1"]) < 8
    if "by-xla" in told:
        assert told["by-xla"]["jit"] is True
    if "eagerly" in told:
        assert told["eagerly"]["calls"] >= told["eagerly"]["steps"]


@pytest.mark.parametrize("version", since("1.4.0"))
def test_what_would_train_otherwise_is_refused_by_name(version: str, run_script: RunScript) -> None:
    asked = refused_in(tuple(map(int, version.split(".")[:2])))
    told = run_script(SCRIPTS / "refused_of_keras.py", version, *asked)
    for name, part in asked.items():
        assert part in (told[name] or ""), name


@pytest.mark.parametrize("version", since("1.4.0"))
def test_optimizers_and_schedules_of_a_scripts_own_are_trained_by_and_told(
    version: str, run_script: RunScript
) -> None:
    told = run_script(SCRIPTS / "probed_optimizers.py", version)
    rates: dict[str, object] = {"keras": 0.25, "own": 0.25}
    if version != "1.4.0":
        rates.update({"schedule": "Halved()", "told schedule": "Told()"})
    assert {name: each["rate"] for name, each in told.items()} == rates
    for name, each in told.items():
        assert {"outputs", "loss", "gradients", "updates"} <= {*each["phases"]}, name
        # Another like it cannot be made of what a class of the script's own tells.
        assert ("optimized" in each["phases"]) == (name != "own"), name
        assert each["apart"] < 1e-6, name


@pytest.mark.parametrize("version", since("1.4.0"))
def test_what_is_masked_and_what_has_no_gradient_hold_under_controls_too(
    version: str, run_script: RunScript
) -> None:
    told = run_script(SCRIPTS / "controls_of_keras.py", version)
    assert told["moved"] > 0.01
    # All of the data is one batch, whose order is no part of it but for rounding.
    assert told["apart"] < 1e-6
    if version == "1.4.0":
        assert "activity_regularizer or add_loss" in told["added"]["refused"]
    else:
        assert told["added"]["moved"] > 0.01
        assert told["added"]["apart"] < 1e-6
    if not version.startswith("1."):
        assert told["gradients"].pop("gradients/idle_layer/idle") == 0.0
        assert min(told["gradients"].values()) > 0.0


@pytest.mark.parametrize("version", since("1.4.0"))
def test_the_rate_of_each_step_is_the_one_that_its_update_took(
    version: str, run_script: RunScript
) -> None:
    told = run_script(SCRIPTS / "rates_of_keras.py", version)
    assert told.pop("plain") == [0.5] * 4
    if "decaying" in told:
        assert told.pop("decaying") == pytest.approx([0.5, 0.25, 0.5 / 3, 0.125])
    assert set(told) == {"set", "scheduled"} - ({"scheduled"} if version == "1.4.0" else set())
    assert all(rates == [0.5, 0.5, 0.25, 0.25] for rates in told.values())


@pytest.mark.parametrize("version", since("1.15.5"))
def test_a_rate_is_overheard_and_never_asked_for_once_more(
    version: str, run_script: RunScript
) -> None:
    known = tuple(map(int, version.split(".")[:2]))
    told = run_script(SCRIPTS / "odd_rates.py", version)
    if version == "1.15.5":
        # Two drawing operations of one graph have seeds of their own.
        assert not told["drawing"].pop("same")
    assert all(each.get("same", True) for each in told.values())
    # Of a wrapped optimizer it is the inner one's, and no number where there are several.
    for name in ("wrapping", "several", *(["rateless"] if known < (2, 11) else [])):
        assert told.pop(name, {"recorded": [None] * 4})["recorded"] == [None] * 4
    for name, case in told.items():
        assert case["recorded"] == pytest.approx(case["taken"], rel=1e-5), name
