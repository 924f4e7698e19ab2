"""A comparison's trials in a store: attempts are counted, one COMMIT makes a trial's record.

An attempt that ended because the store was away must not be counted, and then it cannot be taken
back either. It is noted in a local file, and taken back when the same block starts again.
"""

import json
import os
from typing import List, Optional

from diptych_runner.contract import names
from diptych_runner.contract.trials import Trial, path_of, trial_at_path
from diptych_runner.stores.base import Store
from diptych_runner.stores.errors import StoreError

ATTEMPTS_FOLDER = "attempts"
#: Names the local file of attempts that are still to be taken back.
OWED_VARIABLE = "DIPTYCH_OWED"


class Records(object):
    """Records of one comparison."""

    def __init__(self, store: Store, owed: Optional[str] = None) -> None:
        """Use the store of the comparison's own files; `owed` is a local file's path."""
        self.store = store
        self._owed = owed

    def commit_of(self, trial: Trial) -> Optional[bytes]:
        """Return the trial's COMMIT, or None when it has none."""
        return self.store.read(_commit_path(trial))

    def attempts(self, trial: Trial) -> List[str]:
        """Return the names of the trial's attempts so far, in their order."""
        return self.store.children("{}/{}".format(path_of(trial), ATTEMPTS_FOLDER))

    def begin(self, trial: Trial, attempt: str) -> "Attempt":
        """Begin an attempt: from here on it is counted."""
        try:
            self.store.begin(_attempt_path(trial, attempt))
        except StoreError:
            # The request may have arrived, whatever became of the answer.
            self._owe(trial, attempt)
            raise
        return self.attempt(trial, attempt)

    def attempt(self, trial: Trial, name: str) -> "Attempt":
        """Return an attempt that was begun before."""
        return Attempt(self.store.below(_attempt_path(trial, name)))

    def withdraw(self, trial: Trial, attempt: str) -> None:
        """Take back an attempt that something from outside ended, so that it is not counted.

        One of a committed trial stays. Raises StoreError when that can be done only later.
        """
        try:
            if self.commit_of(trial) is None:
                self.store.remove(_attempt_path(trial, attempt))
        except StoreError:
            self._owe(trial, attempt)
            raise

    def settle(self) -> None:
        """Take back the attempts that could not be taken back before."""
        if self._owed is None or not os.path.exists(self._owed):
            return
        with open(self._owed, encoding="utf-8") as stream:
            owed = [json.loads(line) for line in stream]
        for path, attempt in owed:
            trial = trial_at_path(path)
            if self.commit_of(trial) is None:
                self.store.remove(_attempt_path(trial, attempt))
        os.unlink(self._owed)

    def commit(self, trial: Trial, content: bytes) -> bool:
        """Write the trial's COMMIT once; return False when another attempt was first."""
        return self.store.create(_commit_path(trial), content)

    def _owe(self, trial: Trial, attempt: str) -> None:
        if self._owed is not None:
            with open(self._owed, "a", encoding="utf-8") as stream:
                stream.write(json.dumps([path_of(trial), attempt]) + "\n")


class Attempt(object):
    """Files of one attempt; each is in the store when `write` returns."""

    def __init__(self, store: Store) -> None:
        """Use the store of the attempt's own files."""
        self._store = store

    def write(self, path: str, content: bytes) -> None:
        """Write one file, by its path relative to the attempt."""
        self._store.write(path, content)

    def read(self, path: str) -> Optional[bytes]:
        """Return one file's bytes, or None when the attempt has no such file."""
        return self._store.read(path)


def _commit_path(trial: Trial) -> str:
    return "{}/{}".format(path_of(trial), names.COMMIT_FILE)


def _attempt_path(trial: Trial, attempt: str) -> str:
    return "{}/{}/{}".format(path_of(trial), ATTEMPTS_FOLDER, attempt)
