"""The simulations judge as the pipeline does: by values, and from records in a store."""

import zlib
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.builder import B, Training, metric, plan, store, training
from tests.analysis.test_estimate import estimated
from tools.calibration.judge import judge, margin_of
from tools.calibration.laws import LAWS, Law

from diptych_analysis import analyze_folder
from diptych_analysis.verdicts import metric_verdict
from diptych_runner.contract.trials import Trial

ALPHA = 0.05


def drawn(law: Law, seeds: int, number: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng([zlib.crc32(law.name.encode()), seeds, number])
    left, right = law.draw(rng, (1, seeds))
    return left[0], right[0]


def expected(left: np.ndarray, right: np.ndarray, deviation: float) -> str:
    """Return the verdict that the simulations give, with the margin they choose."""
    said = judge(left, right, deviation)
    if said.equivalent:
        return "Equivalent"
    return "Different" if said.different else "Inconclusive"


@pytest.mark.parametrize("seeds", [2, 3, 8, 12, 19])
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_estimates_have_the_verdicts_of_the_simulations(law: Law, seeds: int) -> None:
    for number in range(25):
        left, right = drawn(law, seeds, number)
        right = right + (number % 3) * 0.9  # some differ
        # The margin as the plan would spell it, so that both judge by one number.
        margin = f"{margin_of(seeds) * 0.5:.6f}"
        row = estimated(list(left), list(right), margin=margin)
        assert row.difference is not None
        found = metric_verdict(row, row.difference.decisive, ALPHA)
        assert found == expected(left, right, float(margin) / margin_of(seeds))


@pytest.mark.parametrize("seeds", [5, 9, 20])
def test_records_have_the_verdicts_of_their_values(tmp_path: Path, seeds: int) -> None:
    margin = "0.02"
    for number in range(6):
        left, right = (1 + 0.02 * v for v in drawn(LAWS[number % 3], seeds, number))
        right = right + 0.02 * (number % 3)
        values = {False: left, True: right}

        def train(trial: Trial, values: dict[bool, np.ndarray] = values) -> Training:
            return training(values[trial.version == B][trial.seed - 1], trial.seed)

        made = plan(seeds=seeds, analysis={"metrics": [metric(margin=margin)]})
        (candidate,) = analyze_folder(store(tmp_path / str(number), made, train)).candidates
        row = estimated(list(left), list(right), margin=margin)
        assert row.difference is not None
        assert candidate.verdict == metric_verdict(row, row.difference.decisive, ALPHA)
        if seeds < 20:  # from there the bootstrap has a stream of its own
            assert candidate.metrics[0].interval == pytest.approx(row.interval, rel=1e-6)
