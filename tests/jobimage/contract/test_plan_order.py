"""The plan's order on every Python: test_plan.py tries random axes, where Hypothesis exists."""

from tests.jobimage import fakes

from diptych_runner.contract import hashing
from diptych_runner.contract.plan import Plan


def axes_of(plan, cells):
    document = dict(plan.document, axes=dict(plan.axes, cells=cells))
    document["sha256"] = hashing.sha256_of_json(document["axes"])
    document["execution"] = {"trialsPerPod": 2, "retriesPerTrial": 0}
    return Plan(document)


def cell(control, repeat, seeds):
    return {"control": control, "setting": 0, "repeat": repeat, "seeds": seeds}


PLAN = axes_of(
    fakes.plan_of(seeds=(7, 3, 9)),
    [cell("Native", 0, 3), cell("Native", 1, 1), cell("SharedInit", 0, 2)],
)


def test_seeds_come_first_then_the_cells_that_cover_them_then_versions():
    order = [trial[0] + trial[1][0] + str(trial[3]) + str(trial[4]) for trial in PLAN.trials()]
    assert " ".join(order) == "0N70 1N70 0N71 1N71 0S70 1S70 0N30 1N30 0S30 1S30 0N90 1N90"


def test_index_and_trial_are_inverse():
    for index, trial in enumerate(PLAN.trials()):
        assert PLAN.trial(index) == trial
        assert PLAN.index(trial) == index


def test_blocks_hold_each_trial_once():
    blocks = [
        trial
        for version in PLAN.versions
        for number in range(PLAN.blocks_per_version)
        for trial in PLAN.block(version, number)
    ]
    assert sorted(blocks) == sorted(PLAN.trials())
    assert len(PLAN.block("0", 2)) == 2
