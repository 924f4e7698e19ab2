import pytest

from diptych_runner.contract.trials import Trial, path_of, trial_as_json, trial_at_path

TRIAL = Trial("2.4.0", "SharedInit", 2, 4294967295, 1)


def test_path_and_trial_are_inverse():
    assert path_of(TRIAL) == "trials/2.4.0/SharedInit/setting-2/seed-4294967295/repeat-1"
    assert trial_at_path(path_of(TRIAL)) == TRIAL


@pytest.mark.parametrize(
    "path",
    [
        "",
        "trials/2.4.0/Nonsense/setting-0/seed-1/repeat-0",
        "trials/2.4.0/Native/setting-0/seed-1/repeat-0/",
        "trials/2.4.0/Native/setting-x/seed-1/repeat-0",
        "../trials/2.4.0/Native/setting-0/seed-1/repeat-0",
    ],
)
def test_other_paths_are_no_trials(path):
    with pytest.raises(ValueError):
        trial_at_path(path)


def test_trial_as_json_has_every_field():
    assert trial_as_json(TRIAL) == {
        "version": "2.4.0",
        "control": "SharedInit",
        "setting": 2,
        "seed": 4294967295,
        "repeat": 1,
    }
