"""A small plan, from the runner's test helpers."""

import pytest
from tests.jobimage import fakes

from diptych_runner.contract.plan import Plan


@pytest.fixture
def small_plan() -> Plan:
    """Two versions, two seeds, two repeats, blocks of two."""
    plan: Plan = fakes.plan_of(seeds=(1, 2), repeats=2)
    document = {**plan.document, "execution": {"trialsPerPod": 2, "retriesPerTrial": 2}}
    return Plan(document)
