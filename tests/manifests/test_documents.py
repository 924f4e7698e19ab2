"""docs/kubernetes.md and the examples say what is there."""

import doctest
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.manifests.conftest import ROOT, Objects
from tools import manifests, update_kubernetes

from diptych.api.load import load_bytes
from diptych.api.resources import Resources
from diptych.kubernetes import configuration, holds, names

TEXT = update_kubernetes.PAGE.read_text(encoding="utf-8")
EXAMPLES = sorted((ROOT / "examples" / "cluster").glob("*.yaml"))


def table(heading: str) -> list[list[str]]:
    """Return the rows of the table under a heading, without its own."""
    part = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip().strip("|").split("|") for line in part.splitlines() if "|" in line]
    return [[cell.strip() for cell in row] for row in rows if len(row) > 1][2:]


def test_every_setting_of_the_operator_is_told() -> None:
    told = set(re.findall(r"DIPTYCH_[A-Z0-9_]+", " ".join(row[0] for row in table("Install"))))
    known = {configuration.RUNNER_IMAGE, configuration.ANALYSIS_IMAGE, *configuration._PATTERNS}
    assert told == known


def test_the_rights_of_the_operator_are_told(
    render: Callable[[Path], Objects],
) -> None:
    granted = set()
    for each in render(manifests.BASE):
        if each["kind"] == "ClusterRole" and each["metadata"]["name"] == "diptych-operator":
            for rule in each["rules"]:
                for resource in rule["resources"]:
                    granted.add((resource.split(".")[0], ", ".join(rule["verbs"])))
    told = {
        (row[1].strip("`").split(".")[0], row[2])
        for row in table("What it may do")
        if row[0] == "operator"
    }
    assert told == granted


@pytest.mark.parametrize(
    "reason",
    [
        *(names.UNSCHEDULABLE, names.QUOTA_EXCEEDED, names.QUEUED, names.POD_SECURITY),
        *(names.IMAGE_PULL, names.FAILED_MOUNT, names.STORE_UNREACHABLE, names.TRIALS_FAILING),
        *(names.ANALYSIS_FAILING, names.NAME_TAKEN, names.CHILD_REFUSED, names.FAILED_CREATE),
        names.CHILD_INVALID,
        *(names.INVALID, names.DEADLINE_EXCEEDED, names.ANALYSIS_FAILED),
    ],
)
def test_there_is_advice_for_every_reason(reason: str) -> None:
    told = " ".join(row[0] for row in table("When it does not run"))
    assert f"`{reason}`" in told


def test_no_reason_is_forgotten_above() -> None:
    assert set(holds._ADVICE) | names.PASSING - {names.STARTING} <= {
        found
        for row in table("When it does not run")
        for found in re.findall(r"`([A-Za-z]+)`", row[0])
    }


def test_what_pods_ask_for_is_told(render: Callable[[Path], Objects]) -> None:
    part = TEXT.split("### When a node is too small\n")[1].split("\n### ")[0]
    told = re.findall(r"^\| (?!pod )([^|]+) \| ([^|]+) \| ([^|]+) \|", part, re.MULTILINE)
    default = configuration.Configuration(runner_image="a", analysis_image="b")
    (operator,) = (
        each["spec"]["template"]["spec"]["containers"][0]["resources"]
        for each in render(manifests.BASE)
        if each["kind"] == "Deployment"
    )
    limits, requests = operator["limits"], operator["requests"]
    assert told == [
        ("a trial", Resources().cpu, default.trial_memory),
        ("the analysis", default.analysis_cpu, default.analysis_memory),
        ("the operator", requests["cpu"], f"{requests['memory']} (limit {limits['memory']})"),
    ]
    assert "cpu" not in limits


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_for_clusters_is_valid(path: Path) -> None:
    loaded = load_bytes(path.read_bytes(), path.name)
    assert loaded.problems == []


def test_what_kubectl_printed_stands_between_the_markers() -> None:
    assert update_kubernetes.BLOCK.search(TEXT)
    described = "Name: a\nStatus:\n  x\n\nEvents:\n  Type\n  Normal\n"
    assert update_kubernetes.events(described) == "Events:\n  Type\n  Normal\n"


def test_its_own_examples_are_true() -> None:
    assert doctest.testmod(update_kubernetes) == (0, 1)
