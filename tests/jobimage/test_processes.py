import os
import signal
import subprocess
import sys
import time

import pytest

from diptych_runner import processes


def test_a_fork_returns_its_exit_code():
    assert processes.run_in_fork(lambda: 7) == processes.Ending(exit_code=7, signal=0)


def test_an_exception_in_a_fork_stays_there(capfd):
    def fail():
        raise ValueError("planted")

    assert processes.run_in_fork(fail).exit_code == 1
    assert "planted" in capfd.readouterr().err


def test_a_killed_fork_tells_its_signal():
    def kill_itself():
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    ending = processes.run_in_fork(kill_itself)
    assert ending == processes.Ending(exit_code=-1, signal=signal.SIGKILL)


def test_sigterm_becomes_stopped_once():
    with pytest.raises(processes.Stopped):
        with processes.stoppable():
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


CHILD_OF_A_DYING_PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {child!r}], stdout=subprocess.PIPE)
print(child.stdout.readline().decode().strip(), flush=True)
sys.stdin.read()
"""

CHILD = """
import os, sys, time
from diptych_runner import processes
processes.end_with_parent(os.getppid())
print(os.getpid(), flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prctl is Linux's")
def test_a_process_ends_with_its_killed_parent():
    parent = subprocess.Popen(
        [sys.executable, "-c", CHILD_OF_A_DYING_PARENT.format(child=CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdin.close()
    parent.stdout.close()
    assert gone_within(child, 10)


ORPHAN = """
import sys, time
from diptych_runner import processes
processes.end_with_parent(int(sys.argv[1]))
time.sleep(60)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prctl is Linux's")
def test_a_process_whose_parent_died_before_it_looked_ends_too():
    not_its_parent = os.getppid()
    process = subprocess.Popen([sys.executable, "-c", ORPHAN, str(not_its_parent)])
    assert process.wait(timeout=10) == -signal.SIGTERM


def gone_within(process, seconds):
    deadline = time.time() + seconds
    while time.time() < deadline:
        try:
            with open("/proc/{}/stat".format(process)) as stream:
                if stream.read().split()[2] == "Z":
                    return True
        except (IOError, OSError):
            return True
        time.sleep(0.05)
    return False
