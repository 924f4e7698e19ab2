from collections.abc import Callable
from typing import Any

import pytest

Told = Callable[..., list[tuple[str, str]]]

MODULE = {"module": {"configMap": "code", "entrypoint": "train:train"}}


def metrics(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"metrics": list(entries)}


def test_a_metric_is_one_of_the_workload(told: Told) -> None:
    [(path, message)] = told(analysis=metrics({"name": "test_accuracy"}))
    assert path == "spec.analysis.metrics[0].name"
    assert "it has: test_loss" in message


def test_a_metric_stands_once(told: Told) -> None:
    analysis = metrics({"name": "test_loss"}, {"name": "test_loss"})
    assert [path for path, _ in told(analysis=analysis)] == ["spec.analysis.metrics[1].name"]


def test_a_metric_has_one_margin(told: Told) -> None:
    analysis = metrics({"name": "test_loss", "margin": "1", "relativeMargin": "1%"})
    assert told(analysis=analysis) == [
        ("spec.analysis.metrics[0].relativeMargin", "margin and relativeMargin are both given")
    ]


@pytest.mark.parametrize(
    ("key", "value"), [("margin", "0.00"), ("relativeMargin", "0%"), ("relativeMargin", "0.0%")]
)
def test_a_margin_is_more_than_0(told: Told, key: str, value: str) -> None:
    assert told(analysis=metrics({"name": "test_loss", key: value})) == [
        (f"spec.analysis.metrics[0].{key}", f'must be more than 0, got "{value}"')
    ]


def test_an_evaluator_is_one_there_is(told: Told) -> None:
    analysis = metrics({"name": "test_loss", "evaluator": "meanSquareError"})
    assert [path for path, _ in told(analysis=analysis)] == ["spec.analysis.metrics[0].evaluator"]


def test_a_module_says_what_no_table_can(told: Told) -> None:
    assert told(workload=MODULE) == [
        ("spec.analysis.metrics", "a module has no metrics of its own accord")
    ]
    assert told(workload=MODULE, analysis=metrics({"name": "m", "direction": "LowerIsBetter"})) == [
        ("spec.analysis.metrics[0]", "a module's metric needs evaluator")
    ]


@pytest.mark.parametrize(("margin", "refused"), [("5", 1), ("1", 1), ("0.999", 0), ("x", 0)])
def test_a_margin_lies_inside_the_metrics_range(told: Told, margin: str, refused: int) -> None:
    found = told(
        workload=MODULE,
        analysis=metrics(
            {
                "name": "mine",
                "evaluator": "accuracy",
                "direction": "HigherIsBetter",
                "margin": margin,
            }
        ),
    )
    ranged = [(path, said) for path, said in found if "must be less than 1" in said]
    assert len(ranged) == refused
    for path, said in ranged:
        assert path == "spec.analysis.metrics[0].margin"
        assert f'got "{margin}"' in said


def test_a_workloads_own_accuracy_is_known_to_be_a_share(told: Told) -> None:
    workload = {"builtin": "mnist-mlp"}
    for name, refused in (("test_accuracy", 1), ("test_loss", 0)):
        found = told(workload=workload, analysis=metrics({"name": name, "margin": "5"}))
        assert sum("must be less than 1" in said for _, said in found) == refused
