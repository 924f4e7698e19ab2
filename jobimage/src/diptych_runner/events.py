"""Progress as JSON lines on standard output: for the local engine, and readable in a pod's log."""

import json
import os
import sys
import time
from typing import Any, Optional

from diptych_runner.contract import names, trials

#: A progress line per step would cost more than many a step itself.
SECONDS_BETWEEN_STEPS = 0.25


class Events(object):
    """Writes events; one write a line, so that a trial's process and its parent can share it."""

    def __init__(self, descriptor: Optional[int]) -> None:
        """Write to a file descriptor, or nowhere when it is None."""
        self._descriptor = descriptor
        self._last_step = 0.0

    @classmethod
    def on_stdout(cls) -> "Events":
        """Take standard output for events and send whatever else prints there to stderr."""
        sys.stdout.flush()
        descriptor = os.dup(1)
        os.dup2(2, 1)
        return cls(descriptor)

    def close(self) -> None:
        """Give standard output back, for whatever this process becomes."""
        if self._descriptor is not None:
            sys.stdout.flush()
            os.dup2(self._descriptor, 1)
            os.close(self._descriptor)
            self._descriptor = None

    def started(self, trial: trials.Trial, attempt: str) -> None:
        """Say that an attempt of a trial begins."""
        self._write(event=names.EVENT_STARTED, trial=trials.path_of(trial), attempt=attempt)

    def step(self, trial: trials.Trial, step: int, steps: int) -> None:
        """Say how far a trial is, a few times a second at most."""
        now = time.time()
        if step < steps and now - self._last_step < SECONDS_BETWEEN_STEPS:
            return
        self._last_step = now
        path = trials.path_of(trial)
        self._write(event=names.EVENT_STEP, trial=path, step=step, steps=steps)

    def committed(self, trial: trials.Trial, outcome: str) -> None:
        """Say that a trial's record counts now."""
        self._write(event=names.EVENT_COMMITTED, trial=trials.path_of(trial), outcome=outcome)

    def skipped(self, trial: trials.Trial) -> None:
        """Say that a trial had been committed before and was not run."""
        self._write(event=names.EVENT_SKIPPED, trial=trials.path_of(trial))

    def retry(self, trial: trials.Trial, reason: str) -> None:
        """Say that an attempt ended without a result."""
        self._write(event=names.EVENT_RETRY, trial=trials.path_of(trial), reason=reason)

    def data_progress(self, source: str, done: int, length: Optional[int]) -> None:
        """Say how many bytes of a data set have come, of how many where that is known."""
        now = time.time()
        if done != length and now - self._last_step < SECONDS_BETWEEN_STEPS:
            return
        self._last_step = now
        self._write(event=names.EVENT_DATA, source=source, bytes=done, length=length)

    def _write(self, **fields: Any) -> None:
        if self._descriptor is None:
            return
        line = json.dumps(fields, sort_keys=True) + "\n"
        try:
            os.write(self._descriptor, line.encode("utf-8"))
        except BrokenPipeError:
            # Whoever listened is gone; the trial's record matters more than its progress.
            self._descriptor = None
