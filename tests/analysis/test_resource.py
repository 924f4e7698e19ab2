"""Twin of resource.py: the YAML has the very plan that the report is of."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from diptych.api.load import load_bytes
from diptych.plan import plan_of
from diptych_analysis.resource import resource_of
from diptych_runner.contract.plan import Plan

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "manifests/examples").glob("*.yaml"))
EXAMPLE_OF_OWN_CODE = next(path for path in EXAMPLES if path.stem == "own-keras")
SPEC: dict[str, Any] = {
    "versions": [
        {"name": "2.4.0"},
        {
            "name": "plain",
            "version": "2.4.0",
            "image": "registry/x:1",
            "env": [{"name": "TF_X", "value": 'a: "b" #{'}],
        },
    ],
    "baseline": "plain",
    "workload": {"builtin": "adam-linear-regression", "parameters": {"steps": 7}},
    "seeds": {"values": [3, 14, 15]},
    "control": "SharedInit",
    "noiseFloor": {"seeds": 2, "repeats": 3},
    "sweep": [
        {"parameter": "learningRate", "values": ["0.0005", "0.002"]},
        {"parameter": "batchSize", "values": [8, 16]},
    ],
    "attribution": {"controls": ["SharedOrder"], "seeds": 2},
    "resources": {"gpus": 1, "accelerator": "Optional", "cpu": "2500m"},
    "trialsPerPod": 9,
    "checkpoints": {"everySteps": 3},
    "analysis": {
        "confidence": "0.9",
        "metrics": [{"name": "test_loss", "test": "NonInferiority", "relativeMargin": "2%"}],
    },
    "failurePolicy": {"retriesPerTrial": 0, "minimumCompletedPercent": 50},
}


def planned(text: bytes | str | None) -> Plan:
    assert text is not None
    loaded = load_bytes(text if isinstance(text, bytes) else text.encode(), "a test")
    assert not loaded.problems, loaded.problems
    assert loaded.resource is not None
    return plan_of(loaded.resource)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_yaml_of_an_example_has_the_examples_plan(path: Path) -> None:
    made = planned(path.read_bytes())
    assert planned(resource_of(made).encode()).document == made.document


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"seeds": {"first": 4, "count": 2}, "noiseFloor": {"repeats": 1}},
        {"attribution": None, "sweep": [], "checkpoints": {"keep": "Ends"}},
        {"resources": {"cpu": "500m", "memory": "900Mi"}},
        {"resources": {"gpus": 1, "gpuResource": "amd.com/gpu", "gpuProduct": "MI300"}},
    ],
    ids=["everything", "range", "little", "small", "gpus"],
)
def test_the_yaml_of_any_plan_has_that_plan(changes: dict[str, Any]) -> None:
    spec = {key: value for key, value in {**SPEC, **changes}.items() if value is not None}
    text = yaml.safe_dump(
        {
            "apiVersion": "diptych.dev/v1alpha1",
            "kind": "VersionComparison",
            "metadata": {"name": "all"},
            "spec": spec,
        }
    )
    made = planned(text.encode())
    again = resource_of(made)
    assert planned(again.encode()).document == made.document
    assert yaml.safe_load(again)["spec"]["resources"].items() >= spec["resources"].items()


def test_the_yaml_of_own_code_says_where_that_is_looked_for() -> None:
    loaded = load_bytes(EXAMPLE_OF_OWN_CODE.read_bytes(), "a test")
    assert loaded.resource is not None
    text = resource_of(plan_of(loaded.resource, module_sha256="5" * 64))
    assert f"sha256 {'5' * 64}" in text
    assert "# is looked for beside this file, in the folder own-keras " in text
    assert "sha256" not in resource_of(plan_of(loaded.resource))
