"""Twin of schema.py and summary.py: the published schema is the models', and holds."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
from tests.analysis.builder import A, plan, store, training

from diptych_analysis import analyze_folder, rendered_schema


def published() -> str:
    folder = resources.files("diptych_runner.contract") / "schemas"
    return (folder / "summary.schema.json").read_text(encoding="utf-8")


def test_the_published_schema_is_not_stale() -> None:
    assert published() == rendered_schema()


def test_a_summary_is_valid_by_it(tmp_path: Path) -> None:
    schema = json.loads(published())
    jsonschema.Draft202012Validator.check_schema(schema)
    shifted = {A: 1.0}
    folder = store(
        tmp_path, plan(seeds=3), lambda t: training(t.seed + shifted.get(t.version, 0.0))
    )
    jsonschema.validate(
        json.loads(analyze_folder(folder).to_json()), schema, jsonschema.Draft202012Validator
    )


def test_every_property_is_described_and_required() -> None:
    schema = json.loads(published())
    objects: list[dict[str, Any]] = [schema, *schema["$defs"].values()]
    for found in objects:
        assert found["additionalProperties"] is False
        assert set(found["required"]) == set(found["properties"])
        for name, entry in found["properties"].items():
            # A reference repeats no description that its target has.
            assert entry.get("description") or "$ref" in entry, name


def test_the_names_are_the_documented_ones() -> None:
    schema = json.loads(published())
    assert list(schema["properties"]) == [
        *("schemaVersion", "comparison", "verdict", "reason", "baseline", "trials", "commits"),
        *("results", "postHoc", "origins", "candidates", "notPinned", "fresh"),
        *("ladder", "notRunnable", "calibration"),
    ]
    assert list(schema["$defs"]["Candidate"]["properties"]) == [
        *("version", "verdict", "reason", "problems", "metrics", "outcomes", "trajectory"),
        *("predictions", "attribution", "probe", "cause", "sweep", "resources", "knownChanges"),
    ]
    assert list(schema["$defs"]["Metric"]["properties"]) == [
        *("name", "control", "setting", "primary", "verdict", "baselineMean", "candidateMean"),
        *("difference", "interval", "equivalenceInterval", "confidence", "test", "margin"),
        *(
            "relativeMargin",
            "pDifference",
            "pAdjusted",
            "correction",
            "pEquivalence",
            "secondMethod",
            "cautions",
        ),
        *("seeds", "correlation", "pairingGain", "noise", "effect", "minimumDetectable"),
        *("seedsNeeded", "seedsEstimated", "seedsToReplicate", "frameworkMetricDrift"),
    ]
    assert list(schema["$defs"]["Attribution"]["properties"]) == [
        *("control", "metric", "seeds", "perSeedRms", "sameSeedFloor", "difference", "interval"),
        *("explains", "explainsInterval", "evidence"),
    ]
