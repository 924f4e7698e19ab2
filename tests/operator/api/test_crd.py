"""The CRD is a structural schema, says what every field means, and is not stale."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml

from diptych.api.crd import columns, crd, rendered_crd
from diptych.api.load import load_text
from diptych.api.resources import Resources
from diptych.api.spec import MUTABLE
from diptych.kubernetes import names
from diptych.kubernetes.conditions import FALSE, PHASES, TRUE, Now, phase_of
from diptych.kubernetes.configuration import Configuration

FOLDER = Path(__file__).parents[3] / "crds"
FORBIDDEN = {"$ref", "$defs", "anyOf", "oneOf", "allOf", "const", "title", "patternProperties"}


def schema() -> dict[str, Any]:
    found: dict[str, Any] = crd()["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    return found


def fields(node: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema with its path."""
    yield path, node
    for name, field in node.get("properties", {}).items():
        yield from fields(field, f"{path}.{name}")
    for key in ("items", "additionalProperties"):
        if key in node:
            yield from fields(node[key], f"{path}[]")


def test_the_file_is_what_the_models_say() -> None:
    assert (FOLDER / "versioncomparison.yaml").read_text(encoding="utf-8") == rendered_crd()


def test_the_command_of_the_header_prints_it() -> None:
    command = [sys.executable, "-m", "diptych.api.crd"]
    printed = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    assert printed.stdout == rendered_crd()


def test_kustomize_finds_the_file() -> None:
    kustomization = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))
    assert kustomization["resources"] == ["versioncomparison.yaml"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_it_is_a_valid_custom_resource_definition() -> None:
    kubernetes_validate.validate(crd(), "1.34", strict=True)


def test_it_is_structural() -> None:
    for path, node in fields(schema()):
        assert FORBIDDEN.isdisjoint(node), path
        assert "type" in node or node.get("x-kubernetes-int-or-string"), path
        assert node.get("additionalProperties") is not False, path
        assert node.get("type") != "number", path


def test_every_field_is_described_as_a_sentence() -> None:
    for path, node in fields(schema()):
        if path and path != ".metadata" and not path.endswith("[]"):
            description = node["description"]
            assert description.endswith("."), path
            assert description[0].isupper(), path


def test_states_and_defaults_are_named() -> None:
    told = {path: node["description"] for path, node in fields(schema()) if "description" in node}
    finished = {names.FINISHED: Now(TRUE, names.COMPARED, "")}
    ended = [phase_of({**finished, names.SUCCEEDED: Now(s, "", "")}) for s in (TRUE, FALSE)]
    going = [phase_of({names.FINISHED: Now(FALSE, reason, "")}) for reason in PHASES]
    begun = {
        names.FINISHED: Now(FALSE, names.STARTING, ""),
        names.TRIALS_COMPLETE: Now(FALSE, names.STARTING, ""),
    }
    going += [phase_of(begun, has_begun=has_begun) for has_begun in (True, False)]
    for phase in {*ended, *going}:
        assert re.search(rf"\b{phase}\b", told[".status.phase"]), phase
    assert f"; {Resources().cpu} when left out." in told[".spec.resources.cpu"]
    assert f": {Configuration().trial_memory} unless" in told[".spec.resources.memory"]


def test_every_list_says_how_it_merges_and_is_bounded() -> None:
    for path, node in fields(schema()):
        if node.get("type") == "array":
            assert node["x-kubernetes-list-type"] in ("map", "set", "atomic"), path
            assert "maxItems" in node, path


def test_everything_that_a_rule_may_touch_is_bounded() -> None:
    for path, node in fields(schema()["properties"]["spec"], "spec"):
        if node.get("type") == "string":
            assert "maxLength" in node or "enum" in node, path
        if node.get("type") == "integer":
            assert {"minimum", "maximum"} <= set(node), path
        if "additionalProperties" in node:
            assert "maxProperties" in node, path


def test_required_fields_are_versions_and_workload() -> None:
    assert schema()["required"] == ["spec"]
    assert schema()["properties"]["spec"]["required"] == ["versions", "workload"]


def test_all_but_the_mutable_fields_are_immutable() -> None:
    properties = schema()["properties"]["spec"]["properties"]
    fixed = {
        name
        for name, field in properties.items()
        if "self == oldSelf" in [rule["rule"] for rule in field.get("x-kubernetes-validations", [])]
    }
    assert set(properties) - fixed == set(MUTABLE)


def test_no_fixed_field_can_be_added_or_removed() -> None:
    spec = schema()["properties"]["spec"]
    rules = " ".join(rule["rule"] for rule in spec["x-kubernetes-validations"])
    for name, field in spec["properties"].items():
        may_be_absent = name not in spec["required"] and "default" not in field
        held = f"has(self.{name}) == has(oldSelf.{name})" in rules
        assert held == (may_be_absent and name not in MUTABLE), name


def test_every_validation_has_a_message() -> None:
    for path, node in fields(schema()):
        for rule in node.get("x-kubernetes-validations", []):
            assert rule["message"], path


def test_kubectl_get_shows_the_verdict() -> None:
    shown = [column["name"] for column in columns() if "priority" not in column]
    assert shown == ["Versions", "Trials", "Verdict", "Reason", "Age"]


def test_defaults_are_those_of_the_models(full_text: str) -> None:
    text = full_text.split("spec:", maxsplit=1)[0] + (
        "spec:\n"
        '  versions: [{name: "2.1.0"}, {name: "2.4.0"}]\n'
        "  workload: {builtin: adam-quadratic}\n"
    )
    resource = load_text(text, "small.yaml").resource
    assert resource is not None
    said = json.loads(resource.spec.model_dump_json(exclude_none=True))
    for name, value in defaulted(schema()["properties"]["spec"], {}).items():
        assert (
            {**said[name], **value} == said[name]
            if isinstance(value, dict)
            else (said[name] == value)
        ), name


def defaulted(node: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """Return a mapping with the schema's defaults filled in, as the API server does."""
    out = dict(value)
    for name, field in node.get("properties", {}).items():
        if name not in out and "default" in field:
            out[name] = field["default"]
        if isinstance(out.get(name), dict):
            out[name] = defaulted(field, out[name])
    return out


def test_no_pattern_is_shown_where_a_rule_can_say_it_in_words() -> None:
    for path, node in fields(schema()["properties"]["spec"], "spec"):
        assert "pattern" not in node or path.startswith("spec.template"), path
