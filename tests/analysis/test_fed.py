"""Twin of fed.py: what the code chose otherwise in each version, under a control that shares it."""

import json
from pathlib import Path

import pytest
from tests.analysis.builder import OWN_CODE, B, Training, cell, commit, plan, store, training

from diptych_analysis import analyze_folder
from diptych_runner.contract import hashing, names
from diptych_runner.contract.trials import Trial, path_of

LADDER = ("Native", "SharedInit", "SharedOrder", "SharedMasks")


def cause(root: Path, differs: str, control: str = "SharedMasks", losses: int = 3) -> str:
    """Return the cause of pairs whose first step differs in one thing, or B in its length."""

    def train(trial: Trial) -> Training:
        is_new = trial.version == B
        length = losses if is_new else 3
        return training(9 + 0.5 * is_new + trial.seed / 10, losses=(2.0 + is_new, 1, 0.5)[:length])

    controls = LADDER[: LADDER.index(control) + 1]
    made = plan(seeds=7, cells=[cell(each, seeds=7) for each in controls], axes=OWN_CODE)
    folder = store(root, made, train)
    for trial in made.trials():
        line = {"batch": "b", "masks": "m", "augmentation": None}
        if trial.version == B and differs in line:
            line[differs] = "other"
        attempt = folder / path_of(trial) / "attempts" / "a1"
        manifest = json.loads((attempt / names.MANIFEST_FILE).read_bytes())
        text = (json.dumps(line) + "\n").encode() * manifest["stepsCompleted"]
        (attempt / names.INPUTS_FILE).write_bytes(text)
        entry = {"sha256": hashing.sha256_of_bytes(text), "bytes": len(text)}
        manifest["files"][names.INPUTS_FILE] = entry
        commit(folder / path_of(trial), manifest)
    return str(analyze_folder(folder).candidates[0].cause)


@pytest.mark.parametrize(
    ("differs", "control", "told"),
    [
        ("batch", "SharedMasks", "Already the first batches differ under SharedMasks"),
        ("batch", "SharedOrder", "Already the first batches differ under SharedOrder"),
        ("batch", "SharedInit", ""),
        ("masks", "SharedMasks", "Already the first masks differ under SharedMasks"),
        ("masks", "SharedOrder", ""),
        ("nothing", "SharedMasks", ""),
    ],
)
def test_what_a_control_shares_and_is_unequal_is_told(
    tmp_path: Path, differs: str, control: str, told: str
) -> None:
    found = cause(tmp_path, differs, control)
    assert ("Already the first" in found) == bool(told)
    assert told in found


def test_trainings_of_other_lengths_are_told(tmp_path: Path) -> None:
    found = cause(tmp_path, "nothing", losses=2)
    assert f"trained for 3 steps and {B} for 2 (medians over seeds)" in found


def test_trainings_of_other_lengths_with_one_median_are_counted(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        lengths = (1, 2, 3) if trial.version != B else (3, 1, 2)
        length = lengths[trial.seed % 3]
        return training(9 + 0.5 * (trial.version == B), losses=(2.0, 1, 0.5)[:length])

    cells = [cell(each, seeds=6) for each in LADDER]
    made = plan(seeds=6, cells=cells, axes=OWN_CODE)
    found = str(analyze_folder(store(tmp_path, made, train)).candidates[0].cause)
    assert "6 of 6 seeds trained for another number of steps in each version" in found
    assert "medians" not in found
