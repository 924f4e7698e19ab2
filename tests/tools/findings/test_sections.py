"""Twin of tools/findings/sections.py: claims are asked by committed YAMLs."""

import pytest
from tools.findings import sizes
from tools.findings.runs import YAMLS
from tools.findings.sections import SECTIONS

from diptych.cli.files import read_comparison
from diptych_runner.contract.plan import Plan

NAMES = sorted({name for section in SECTIONS for name in section.files})
PILOTED = [name for name in NAMES if sizes.pilot_of(name)]


def plan_of(name: str) -> Plan:
    return read_comparison(YAMLS / f"{name}.yaml").plan


def test_no_yaml_is_left_over() -> None:
    expected = {*NAMES, *(name + sizes.SUFFIX for name in PILOTED)}
    assert {path.stem for path in YAMLS.glob("*.yaml")} == expected


def test_what_a_section_is_answered_beside_has_a_section() -> None:
    assert {name for section in SECTIONS for name in section.beside} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_comparison_has_ten_seeds_where_anything_is_drawn(name: str) -> None:
    plan = plan_of(name)
    drawn = plan.axes["workload"]["builtin"] != "adam-quadratic"
    assert len(plan.seeds) >= (sizes.FEWEST if drawn else 1)


@pytest.mark.parametrize("name", PILOTED)
def test_a_pilot_asks_the_same_of_other_seeds(name: str) -> None:
    plan, pilot = plan_of(name), plan_of(name + sizes.SUFFIX)
    assert not set(plan.seeds) & set(pilot.seeds)
    for axis in ("workload", "versions", "settings", "threads"):
        assert plan.axes[axis] == pilot.axes[axis]
    for part in ("metrics", "confidence", "control"):
        assert plan.document["analysis"][part] == pilot.document["analysis"][part]
