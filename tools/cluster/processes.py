"""Starts, stops and watches the processes of a cluster; none outlives whoever started them."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import SystemRandom

from tools.cluster import watchdog
from tools.cluster.errors import ClusterError

#: Below the ports that the kernel hands to outgoing connections, which come and go by themselves.
_PORTS = range(20000, 32000)


#: Of prctl(2).
_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Become the parent of what outlives the process that started it, on Linux.

    `nsenter` ends before what it started. A container's first process often reaps late or never,
    and a group with an unreaped process has not ended.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise ClusterError(f"prctl: {os.strerror(ctypes.get_errno())}")


def free_port() -> int:
    """Return a port of loopback that nothing listens on; chosen at random, so that runs differ."""
    for port in SystemRandom().sample(_PORTS, 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ClusterError("no free port of loopback among 200 tried in 20000..31999")


class Processes:
    """The processes of one cluster by name, each with a log of its own."""

    def __init__(self, logs: Path, data: Path, cgroup: str | None = None) -> None:
        """Take a folder for logs, which stays, and one for data, which goes with the processes."""
        self._logs = logs
        self._logs.mkdir(parents=True, exist_ok=True)
        data.mkdir(parents=True, exist_ok=True)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._watchdog = subprocess.Popen(
            [sys.executable, "-I", "-S", watchdog.__file__],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._tell(f"folder {data}")
        if cgroup is not None:
            self._tell(f"cgroup {cgroup}")

    def start(self, name: str, command: Sequence[str], **variables: str) -> None:
        """Start a process under a name that is free."""
        if self.is_running(name):
            raise ClusterError(f"{name} is running already")
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(
                command,
                env={**os.environ, **variables},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests; they stop these in order
            )
        self._tell(f"process {process.pid}")
        self._running[name] = process

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM, wait: float = 15.0) -> None:
        """End a process and wait for it; one that will not end in time is killed."""
        process = self._running.pop(name, None)
        if process is None:
            raise ClusterError(f"{name} is not running; running: {', '.join(self._running)}")
        _signal(process, signal.SIGCONT)  # one that a test has stopped would not hear
        _signal(process, how)
        deadline = time.monotonic() + wait
        while _signal(process, None):
            if time.monotonic() > deadline:
                _signal(process, signal.SIGKILL)
            time.sleep(0.02)
        self._tell(f"ended {process.pid}")

    def stop_all(self) -> None:
        """End everything at once, last started first, and the data with it: nobody needs it."""
        for name in reversed(list(self._running)):
            self.stop(name, signal.SIGKILL)
        stdin = self._watchdog.stdin
        if stdin is not None:
            stdin.close()
        self._watchdog.wait()

    def is_running(self, name: str) -> bool:
        """Tell whether a process was started and has not ended."""
        process = self._running.get(name)
        return process is not None and process.poll() is None

    def pid(self, name: str) -> int:
        """Return the id of a running process."""
        if not self.is_running(name):
            raise ClusterError(f"{name} is not running: {self.tail(name)}")
        return self._running[name].pid

    def pids(self) -> list[int]:
        """Return the ids of all that run, in the order of their start."""
        return [self.pid(name) for name in self._running]

    def log(self, name: str) -> Path:
        """Return where a process's output goes."""
        return self._logs / f"{name}.log"

    def tail(self, name: str, size: int = 1500) -> str:
        """Return the end of a process's output."""
        log = self.log(name)
        return log.read_text(encoding="utf-8", errors="replace")[-size:] if log.exists() else ""

    def wait_for(self, name: str, is_ready: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait until something is so; what `name` said goes into the error when it ends before."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if not self.is_running(name):
                raise ClusterError(f"{name} ended: {self.tail(name)}")
            if time.monotonic() > deadline:
                raise ClusterError(f"{name} is not ready after {seconds:g} s: {self.tail(name)}")
            time.sleep(0.05)

    def _tell(self, line: str) -> None:
        stdin = self._watchdog.stdin
        if stdin is None:
            raise ClusterError("the watchdog has no input")
        stdin.write(line + "\n")
        stdin.flush()


def _signal(process: "subprocess.Popen[bytes]", how: signal.Signals | None) -> bool:
    """Signal a process with what it was started through (nsenter); False when all are gone."""
    if process.poll() is not None:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-process.pid, os.WNOHANG)[0]:
                pass
    try:
        os.killpg(process.pid, how or 0)
    except ProcessLookupError:
        return False
    return True
