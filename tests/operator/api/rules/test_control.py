from collections.abc import Callable

import pytest

from diptych.api.load import Loaded

Check = Callable[..., Loaded]
MLP = {"builtin": "mnist-mlp", "parameters": {"dropout": "0"}}


@pytest.mark.parametrize(
    ("control", "workload", "same"),
    [
        ("SharedMasks", {"builtin": "adam-quadratic"}, "Native"),
        ("SharedMasks", MLP, "SharedOrder"),
    ],
)
def test_a_control_that_changes_nothing_is_a_doubt(
    check: Check, control: str, workload: object, same: str
) -> None:
    loaded = check(control=control, workload=workload)
    assert loaded.resource is not None
    [warning] = [each for each in loaded.warnings if each.path == "spec.control"]
    assert warning.message.startswith(f"{control} changes nothing here")
    assert warning.fix.startswith(f"write {same}")


@pytest.mark.parametrize(
    "spec",
    [
        {"control": "SharedMasks", "workload": {"builtin": "mnist-mlp"}},
        {"control": "SharedParameters", "workload": {"builtin": "adam-quadratic"}},
        {"workload": {"builtin": "adam-quadratic"}},
        {"control": "SharedMasks", "workload": {"module": {"entrypoint": "a:b"}}},
        {
            "control": "SharedMasks",
            "workload": MLP,
            "sweep": [{"parameter": "dropout", "values": ["0.1", "0.2"]}],
        },
    ],
)
def test_one_that_does_something_is_none(check: Check, spec: dict[str, object]) -> None:
    assert [each for each in check(**spec).warnings if each.path == "spec.control"] == []
