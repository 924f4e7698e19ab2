"""One trial's identity, and where its record lies in the store."""

import re
from typing import Dict, NamedTuple, Union

from diptych_runner.contract import names

Trial = NamedTuple(
    "Trial",
    [("version", str), ("control", str), ("setting", int), ("seed", int), ("repeat", int)],
)

_PATH = re.compile(
    r"\Atrials/(?P<version>[^/]+)/(?P<control>[^/]+)/setting-(?P<setting>\d+)"
    r"/seed-(?P<seed>\d+)/repeat-(?P<repeat>\d+)\Z"
)


def path_of(trial: Trial) -> str:
    """Return the trial's folder, relative to the comparison's, with forward slashes.

    >>> path_of(Trial("2.4.0", "Native", 0, 7, 1))
    'trials/2.4.0/Native/setting-0/seed-7/repeat-1'
    """
    return "trials/{}/{}/setting-{}/seed-{}/repeat-{}".format(
        trial.version, trial.control, trial.setting, trial.seed, trial.repeat
    )


def trial_at_path(path: str) -> Trial:
    """Return the trial whose folder `path` is; the inverse of `path_of`.

    Raises ValueError when `path` is not a trial's folder.
    """
    match = _PATH.match(path)
    if match is None or match.group("control") not in names.CONTROLS:
        raise ValueError("not a trial's folder: {!r}".format(path))
    return Trial(
        version=match.group("version"),
        control=match.group("control"),
        setting=int(match.group("setting")),
        seed=int(match.group("seed")),
        repeat=int(match.group("repeat")),
    )


def trial_as_json(trial: Trial) -> Dict[str, Union[str, int]]:
    """Return the trial as the object that COMMIT and manifest carry."""
    return dict(trial._asdict())
