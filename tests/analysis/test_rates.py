"""Twin of rates.py: learning rates that differ are told with the step and both values."""

import math
from pathlib import Path

import numpy as np
import pytest
from tests.analysis import builder
from tests.analysis.builder import OWN_CODE, B, Training, cell, plan, store, training

from diptych_analysis import analyze_folder
from diptych_analysis.rates import first_unequal
from diptych_runner.contract.trials import Trial


def cause(root: Path, key: str, monkeypatch: pytest.MonkeyPatch, *, until: int = 7) -> str:
    """Return the cause where B's second step, of seeds so far, takes half of the rate."""

    def lines(losses: tuple[float, ...], reported: dict[str, float]) -> bytes:
        rates = [0.1, reported["rate"]]
        rows = zip(losses, rates, strict=True)
        return b"".join(
            builder.document({"step": step, "train_loss": loss, key: rate}).replace(b"\n", b"")
            + b"\n"
            for step, (loss, rate) in enumerate(rows, start=1)
        )

    monkeypatch.setattr(builder, "metrics_of", lines)

    def train(trial: Trial) -> Training:
        away = trial.version == B
        done = training(9 + 0.5 * away + trial.seed / 10, losses=(2.0, 1 + 0.5 * away))
        rate = 0.05 if away and trial.seed <= until else 0.1 * (1 + 1e-7 * away)
        return Training(**{**vars(done), "reported": {"rate": rate}})

    controls = ("Native", "SharedMasks")
    made = plan(seeds=7, cells=[cell(each, seeds=7) for each in controls], axes=OWN_CODE)
    return str(analyze_folder(store(root, made, train)).candidates[0].cause)


@pytest.mark.parametrize("key", ["learning_rate", "framework_learning_rate"])
def test_rates_that_differ_are_told_with_their_step(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        "The learning rates differ under SharedMasks, first at step 2: 0.1 in 2.1.0 and 0.05 in "
        "2.4.0 (7 of 7 seeds)."
    ) in cause(tmp_path, key, monkeypatch)


@pytest.mark.parametrize(("key", "until"), [("learning_rate", 3), ("another", 7)])
def test_nothing_is_said_of_few_seeds_or_of_other_numbers(
    key: str, until: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "learning rates" not in cause(tmp_path, key, monkeypatch, until=until)


def test_rounding_and_what_is_unknown_are_no_difference() -> None:
    known = np.array([0.1, 0.1, 0.1])
    assert first_unequal(known, known * (1 + 1e-6)) is None
    assert first_unequal(known, np.array([math.nan, math.nan])) is None
    assert first_unequal(known, np.array([math.nan, 0.2, 0.1])) == 2
