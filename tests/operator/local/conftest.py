"""A small plan, from the runner's test helpers."""

import sys
from pathlib import Path

import pytest

from diptych_runner.contract.plan import Plan

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "jobimage"))

import fakes


@pytest.fixture
def small_plan() -> Plan:
    """Two versions, two seeds, two repeats, blocks of two."""
    plan: Plan = fakes.plan_of(seeds=(1, 2), repeats=2)
    document = {**plan.document, "execution": {"trialsPerPod": 2, "retriesPerTrial": 2}}
    return Plan(document)
