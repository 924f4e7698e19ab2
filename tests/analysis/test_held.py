"""Twin of held.py: a control that did not hold what it says makes a comparison Invalid."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.analysis.builder import (
    OWN_CODE,
    A,
    Training,
    cell,
    environment,
    plan,
    store,
    training,
)

from diptych_analysis import Summary, analyze_folder
from diptych_analysis.held import unknown_defaults
from diptych_runner.contract.trials import Trial

WORKLOAD: dict[str, Any] = {
    "builtin": "adam-quadratic",
    "module": None,
    "parameters": {"epsilon": None},
    "data": None,
}
SHARED = ["numerics", "parameters"]


def summary_of(
    root: Path, control: str, *, epsilon: float = 1e-7, **numerics: bool | None
) -> Summary:
    """Return the verdict on trials whose baseline has this epsilon of its own."""
    made = plan(
        seeds=2,
        cells=[cell(control, seeds=2)],
        axes={"workload": WORKLOAD, "pinned": [{"epsilon": "0.0000001"}]},
        analysis={"control": control},
    )
    told = {"requested": {}, "effective": {}, "defaults": {"epsilon": epsilon}}
    switches = {"tf32": None, "oneDnn": None, "deterministicOps": None, **numerics}

    def train(trial: Trial) -> Training:
        document: dict[str, Any] = environment(trial.version)
        document["parameters"] = told
        document["numerics"] = switches
        document["shared"] = SHARED if control == "SharedNumerics" else []
        kept = {key: document[key] for key in ("parameters", "numerics", "shared")}
        return replace(training(1.0), environment=kept)

    return analyze_folder(store(root, made, train))


@pytest.mark.parametrize("control", ["SharedParameters", "SharedNumerics"])
def test_a_baseline_with_other_defaults_than_the_table_says_is_invalid(
    control: str, tmp_path: Path
) -> None:
    summary = summary_of(tmp_path, control, epsilon=1e-8)
    assert summary.verdict == "Invalid"
    (problem,) = summary.candidates[0].problems
    assert problem.rule == "Defaults"
    assert problem.text == (
        f"{control} pins epsilon 0.0000001 as the default of {A}, but its own record says 1e-08"
    )


def test_defaults_matter_only_where_parameters_are_shared(tmp_path: Path) -> None:
    assert summary_of(tmp_path, "SharedMasks", epsilon=1e-8).verdict == "Identical"


def test_a_baseline_with_the_tables_defaults_is_compared(tmp_path: Path) -> None:
    assert summary_of(tmp_path, "SharedNumerics", oneDnn=False).verdict == "Identical"


@pytest.mark.parametrize(("switch", "word"), [("tf32", "TensorFloat-32"), ("oneDnn", "oneDNN")])
def test_a_switch_that_stayed_on_is_invalid(switch: str, word: str, tmp_path: Path) -> None:
    summary = summary_of(tmp_path, "SharedNumerics", **{switch: True})
    assert summary.verdict == "Invalid"
    (problem,) = summary.candidates[0].problems
    assert problem.rule == "Numerics"
    assert f"switches {word} off, but in {A} it is on" in problem.text


def own_code(root: Path, default: float) -> Summary:
    """Return the verdict on code of one's own, whose trials tell themselves what they pinned."""
    made = plan(
        seeds=2,
        cells=[cell("SharedParameters", seeds=2)],
        axes=OWN_CODE,
        analysis={"control": "SharedParameters"},
    )
    parameters = {
        "requested": {},
        "effective": {},
        "pinned": {"epsilon": "0.0000001"},
        "defaults": {"epsilon": default},
    }

    def train(trial: Trial) -> Training:
        lacking = ["rho", "initialAccumulator"] if trial.version != A else []
        told = {"parameters": dict(parameters, notPinned=lacking), "shared": ["parameters"]}
        return replace(training(1.0), environment=told)

    return analyze_folder(store(root, made, train))


def test_the_table_is_checked_against_what_own_code_records_too(tmp_path: Path) -> None:
    (problem,) = own_code(tmp_path, 1e-8).candidates[0].problems
    assert problem.rule == "Defaults"
    assert problem.text.endswith(f"as the default of {A}, but its own record says 1e-08")


def test_what_no_control_could_pin_is_listed_by_version(tmp_path: Path) -> None:
    summary = own_code(tmp_path, 1e-7)
    assert summary.candidates[0].problems == []
    (found,) = summary.not_pinned
    assert found.version != A
    assert found.parameters == ["initialAccumulator", "rho"]
    assert '"notPinned": [\n    {' in summary.to_json()


@pytest.mark.parametrize(
    ("version", "control", "is_told"),
    [
        ("2.99.0", "SharedParameters", True),
        ("2.99.0", "SharedMasks", False),
        (A, "SharedParameters", False),
    ],
)
def test_unknown_defaults_of_a_baseline_are_told_where_they_would_be_pinned(
    version: str,
    control: str,
    is_told: bool,  # noqa: FBT001
) -> None:
    made = plan(cells=[cell(control)], axes={"workload": WORKLOAD, "pinned": [{}]})
    for row in made.axes["versions"]:
        row["version"] = version if row["name"] == A else row["version"]
    told = unknown_defaults(made)
    assert (told is not None) == is_told
    assert told is None or f"No default of tensorflow {version} is known" in told
