from collections.abc import Callable

import pytest

from diptych.api.resource import VersionComparison
from diptych.plan.metrics import metrics_of

Compare = Callable[..., VersionComparison]
DEFAULT = {
    "name": "test_loss",
    "evaluator": "meanSquaredError",
    "direction": "LowerIsBetter",
    "primary": True,
    "test": "Equivalence",
    "margin": None,
    "relativeMargin": "1%",
}


def test_the_workloads_metrics_are_judged_by_documented_margins(compare: Compare) -> None:
    assert metrics_of(compare().spec) == [DEFAULT]


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        ({}, {}),
        ({"margin": "0.5"}, {"margin": "0.5", "relativeMargin": None}),
        ({"relativeMargin": "2%"}, {"relativeMargin": "2%"}),
        ({"test": "NonInferiority"}, {"test": "NonInferiority"}),
        ({"direction": "HigherIsBetter"}, {"direction": "HigherIsBetter"}),
        ({"primary": False}, {"primary": True}),
    ],
)
def test_what_the_spec_says_replaces_what_the_table_says(
    compare: Compare, given: dict[str, object], changed: dict[str, object]
) -> None:
    resource = compare(analysis={"metrics": [{"name": "test_loss", **given}]})
    assert metrics_of(resource.spec) == [DEFAULT | changed]


def test_the_first_metric_is_primary_only_when_none_says_so(compare: Compare) -> None:
    one = {"evaluator": "meanSquaredError", "direction": "LowerIsBetter"}
    workload = {"module": {"configMap": "code", "entrypoint": "train:train"}}

    def primaries(flags: list[bool]) -> list[bool]:
        metrics = [{"name": f"m{n}", "primary": flag, **one} for n, flag in enumerate(flags)]
        spec = compare(workload=workload, analysis={"metrics": metrics}).spec
        return [row["primary"] for row in metrics_of(spec)]

    assert primaries([False, False]) == [True, False]
    assert primaries([False, True]) == [False, True]
    assert primaries([True, True]) == [True, True]
