from collections.abc import Callable

import pytest

from diptych.api.resource import VersionComparison
from diptych.plan.planner import axes_of

Compare = Callable[..., VersionComparison]


def compared(compare: Compare, **given: object) -> dict[str, object]:
    return axes_of(compare(versions=[{"name": "1.4.0"}, {"name": "2.4.0"}], **given).spec)


def test_a_plan_pins_nothing_unless_a_control_shares_parameters(compare: Compare) -> None:
    workload = {"builtin": "mnist-mlp"}
    assert "pinned" not in compared(compare, workload=workload)
    ladder = {"controls": ["SharedInit", "SharedMasks"]}
    assert "pinned" not in compared(compare, workload=workload, attribution=ladder)


@pytest.mark.parametrize("control", ["SharedParameters", "SharedNumerics"])
@pytest.mark.parametrize(("baseline", "epsilon"), [("1.4.0", "0.00000001"), ("2.4.0", "0.0000001")])
def test_what_is_left_open_gets_the_baselines_defaults(
    control: str, baseline: str, epsilon: str, compare: Compare
) -> None:
    found = compared(
        compare,
        baseline=baseline,
        control=control,
        workload={"builtin": "mnist-mlp", "parameters": {"beta1": "0.8"}},
    )
    assert found["pinned"] == [{"learningRate": "0.001", "beta2": "0.999", "epsilon": epsilon}]


def test_each_setting_of_a_sweep_has_its_own(compare: Compare) -> None:
    found = compared(
        compare,
        control="SharedParameters",
        workload={"builtin": "adam-quadratic", "parameters": {"beta1": "0.8", "beta2": "0.9"}},
        sweep=[{"parameter": "epsilon", "values": ["0.1"]}],
    )
    assert found["pinned"] == [{"epsilon": "0.00000001"}, {}]
