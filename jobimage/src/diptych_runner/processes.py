"""Processes: a trial runs in a fork of the block's process, which has imported the framework.

The import is paid once a block, while each trial starts from the same state and can crash, leak
or be killed without touching its neighbours. Nothing may initialise the framework's runtime
before the fork: importing it does not.
"""

import contextlib
import ctypes
import os
import signal
import sys
import traceback
from types import FrameType
from typing import Callable, Iterator, NamedTuple, Optional

_PR_SET_PDEATHSIG = 1

Ending = NamedTuple("Ending", [("exit_code", int), ("signal", int)])


class Stopped(BaseException):
    """SIGTERM or SIGINT arrived: withdraw what is under way and leave.

    Not an Exception, so that no handler for a trial's own errors can swallow it.
    """


def end_with_parent(parent: int, death_signal: int = signal.SIGTERM) -> None:
    """Have the kernel send this process a signal when its parent dies (Linux only).

    `parent` is the process that the parent knows itself to be: one that died before this call
    cannot be noticed otherwise.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), death_signal)


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Turn SIGTERM and SIGINT into Stopped while the block runs."""

    def stop(_number: int, _frame: Optional[FrameType]) -> None:
        # One Stopped is enough: a second signal must not interrupt the withdrawal.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        raise Stopped()

    former = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def run_in_fork(body: Callable[[], int]) -> Ending:
    """Run `body` in a fork and return how it ended; kill the fork when Stopped arrives."""
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    process = os.fork()
    if process == 0:
        _run_and_leave(body, parent)
    try:
        _, status = os.waitpid(process, 0)
    except Stopped:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        raise
    if os.WIFSIGNALED(status):
        return Ending(exit_code=-1, signal=os.WTERMSIG(status))
    return Ending(exit_code=os.WEXITSTATUS(status), signal=0)


def _run_and_leave(body: Callable[[], int], parent: int) -> None:
    code = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        end_with_parent(parent, signal.SIGKILL)
        code = body()
    except BaseException:  # noqa: BLE001 - the fork must never return into its parent's code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # Not sys.exit: the parent's clean-up handlers must not run twice.
        os._exit(code)
