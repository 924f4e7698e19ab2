"""Twin of asked.py; what the command line makes of it is in tests/operator/cli/test_analyze.py."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.analysis.builder import A, B, cell, metric, plan, store, training

from diptych_analysis.analyze import analyze
from diptych_analysis.asked import judged_by
from diptych_analysis.source import Source, source_at

ACCURACY = metric(name="test_accuracy", evaluator="accuracy", direction="HigherIsBetter")


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """Return a comparison of five seeds that differ by 0.1, margin 0.5."""
    cells = [cell(seeds=5), cell("SharedInit", seeds=5)]
    made = plan(cells=cells, analysis={"metrics": [metric(margin="0.5"), ACCURACY]})
    folder = store(tmp_path, made, lambda trial: training(1.0 + 0.1 * (trial.version == B)))
    return source_at(folder)


def asked(source: Source, change: Callable[[dict[str, Any]], object]) -> Source:
    analysis = copy.deepcopy(source.plan.document["analysis"])
    change(analysis)
    return judged_by(source, analysis, ("diptych run x.yaml",))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda a: a["metrics"][0].update(margin="0.6"), "margin of test_loss 0.6 instead of 0.5"),
        (
            lambda a: a["metrics"][0].update(margin=None, relativeMargin="5%"),
            "margin of test_loss 5% instead of 0.5",
        ),
        (lambda a: a["metrics"][0].update(margin=None), "margin of test_loss none instead of 0.5"),
        (
            lambda a: a["metrics"][1].update(margin="0.1"),
            "margin of test_accuracy 0.1 instead of none",
        ),
        (lambda a: a["metrics"][0].update(primary=False), "test_loss as a secondary metric"),
        (
            lambda a: a["metrics"][0].update(test="NonInferiority"),
            "test of test_loss NonInferiority instead of Equivalence",
        ),
        (
            lambda a: a["metrics"][0].update(direction="HigherIsBetter"),
            "direction of test_loss HigherIsBetter instead of LowerIsBetter",
        ),
        (lambda a: a["metrics"].pop(), "without test_accuracy, which was declared"),
        (
            lambda a: a["metrics"].append({**ACCURACY, "name": "other"}),
            "other, which was not declared",
        ),
        (lambda a: a["metrics"].reverse(), "metrics in the order test_accuracy, test_loss"),
        (lambda a: a.update(confidence="0.99"), "confidence 0.99 instead of 0.95"),
        (lambda a: a.update(baseline=B), f"baseline {B} instead of {A}"),
        (lambda a: a.update(control="SharedInit"), "control SharedInit instead of Native"),
        (
            lambda a: a.update(minimumCompletedPercent=50),
            "minimumCompletedPercent 50 instead of 90",
        ),
    ],
)
def test_whatever_is_judged_otherwise_is_told(
    source: Source, change: Callable[[dict[str, Any]], object], told: str
) -> None:
    judged = asked(source, change)
    assert judged.post_hoc == (told,)
    assert judged.commands == ("diptych run x.yaml",)
    assert judged.plan.sha256 == source.plan.sha256
    assert source.post_hoc_folder is None
    assert (judged.post_hoc_folder or "").startswith("post-hoc-")
    assert source.plan.document["analysis"]["metrics"][0]["margin"] == "0.5"


def test_what_is_spelled_otherwise_or_judges_nothing_is_not_late(source: Source) -> None:
    def change(analysis: dict[str, Any]) -> None:
        analysis["metrics"][0]["margin"] = "0.50"
        analysis.update(confidence="0.950", calibration=True)

    judged = asked(source, change)
    assert (judged.post_hoc, judged.post_hoc_folder) == ((), None)
    assert judged.commands == source.commands
    assert judged.plan.document["analysis"]["calibration"] is True


def test_each_judgement_has_a_folder_of_its_own_and_is_told_in_the_summary(source: Source) -> None:
    folders = set()
    for margin in ("0.01", "0.02"):
        analysis = copy.deepcopy(source.plan.document["analysis"])
        analysis["metrics"][0]["margin"] = margin
        judged = judged_by(source, analysis, ())
        folders.add(judged.post_hoc_folder)
        summary = analyze(judged)
        assert summary.post_hoc == [f"margin of test_loss {margin} instead of 0.5"]
        assert ", post hoc: " in summary.reason
    assert len(folders) == 2
