"""What the models refuse is said for people: the bound, what was got, what to do."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel

from diptych.api.base import PATTERN_BOUNDS
from diptych.api.load import Loaded
from diptych.api.resource import VersionComparison

Check = Callable[..., Loaded]
TWO = [{"name": "2.1.0"}, {"name": "2.4.0"}]


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"seeds": 3}, "spec.seeds: must be a mapping, got 3; write fields, each as name: value"),
        ({"versions": {}}, "spec.versions: must be a list, got an empty mapping; write a list"),
        (
            {"trialsPerPod": "4"},
            'spec.trialsPerPod: must be a whole number, got "4"; write a whole number without',
        ),
        ({"trialsPerPod": 0}, "spec.trialsPerPod: must be at least 1, got 0; change it"),
        ({"parallelism": 5000}, "spec.parallelism: must be at most 3000, got 5000; change it"),
        ({"suspend": "yes"}, 'spec.suspend: must be true or false, got "yes"; write true or'),
        (
            {"sweep": [{"parameter": "beta_1", "values": ["0.9"]}]},
            "spec.sweep[0].parameter: must be letters and digits, a lower-case letter first, like "
            "learningRate; got \"beta_1\" (did you mean 'beta1'?); change it",
        ),
        ({"control": None}, "spec.control: must be one of Native, SharedInit,"),
        ({"baseline": ""}, "spec.baseline: needs at least 1 characters, got 0; change it"),
        ({"queueName": "-"}, "spec.queueName: must be letters, digits, dashes, underscores and"),
        ({"seeds": {"values": []}}, "spec.seeds.values: needs at least 1 entries, got 0; add more"),
        (
            {"versions": [{"name": f"v{n}", "version": "2.4.0"} for n in range(17)]},
            "spec.versions: has at most 16 entries, got 17; remove some",
        ),
        ({"trialsPerPod": None}, "spec.trialsPerPod: must be a whole number, got nothing; give a"),
        (
            {"framework": "caffe"},
            'spec.framework: must be tensorflow or pytorch, got "caffe"; use one of them',
        ),
        (
            {"checkpoints": {"keep": "End"}},
            "spec.checkpoints.keep: must be All or Ends, got \"End\" (did you mean 'Ends'?)",
        ),
        ({"resources": {"cpu": "0"}}, "spec.resources.cpu: must be CPU cores as a string, more"),
        ({"analysis": {"confidence": "1.0"}}, "spec.analysis.confidence: must be a number between"),
        ({"analysis": {"confidence": "0.50"}}, "spec.analysis.confidence: must be a number"),
        (
            {"workload": {"builtin": "adam-quadratic", "parameters": {"steps": [1]}}},
            "spec.workload.parameters.steps: must be a whole number or a string of at most 64",
        ),
        (
            {"workload": {"builtin": "adam-quadratic", "parameters": {"Steps": 1}}},
            "spec.workload.parameters.Steps: must be letters and digits, a lower-case letter",
        ),
        ({"storage": {"uri": "/data"}}, "spec.storage.uri: must be s3://bucket or s3://bucket/"),
        (
            {"storage": {"uri": "s3://ab/c"}},
            "spec.storage.uri: must be s3://bucket or s3://bucket/p",
        ),
        ({"versions": [*TWO, {}]}, "spec.versions[2].name: is required and left out; add 'name'"),
        ({"[key]": 1}, "spec.[key]: unknown field '[key]'; remove it; known here: active"),
        (
            {"template": {"spec": {"securityContext": {"privileged": True}}}},
            "spec.template.spec.securityContext: unknown field 'securityContext'; remove it; known",
        ),
    ],
)
def test_every_kind_of_mistake_is_one_sentence(
    check: Check, spec: dict[str, Any], told: str
) -> None:
    [problem] = check(**spec).problems
    assert str(problem).startswith(f"test: {told}")


def test_no_regular_expression_of_the_spec_is_shown_to_people() -> None:
    patterns = set(patterns_in(VersionComparison.model_json_schema()["$defs"]))
    shown = {pattern for pattern in patterns if not pattern.startswith("^[0-9]{4}-")}
    of_conditions = {"^[A-Za-z]+$", "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"}
    assert shown - of_conditions <= set(PATTERN_BOUNDS)


def patterns_in(node: Any) -> list[str]:  # noqa: ANN401
    if isinstance(node, list):
        return [pattern for item in node for pattern in patterns_in(item)]
    if not isinstance(node, dict):
        return []
    own = [node["pattern"]] if isinstance(node.get("pattern"), str) else []
    keys = list(node.get("patternProperties", {}))
    return own + keys + [pattern for item in node.values() for pattern in patterns_in(item)]


def models(model: type[BaseModel] = BaseModel) -> list[type[BaseModel]]:
    found = []
    for child in model.__subclasses__():
        if child.__module__.startswith("diptych.api"):
            found += [child, *models(child)]
    return found


def test_every_model_is_strict_closed_and_frozen() -> None:
    assert VersionComparison in models()
    for model in models():
        config = model.model_config
        assert config["strict"], model
        assert config["frozen"], model
        assert config["extra"] == "forbid", model
