"""Ends a cluster's processes and removes its data when whoever started them is gone.

Reads what there is to clean from its standard input. The pipe closes when its writer ends, however
it ends: then, and only then, this cleans up. It imports nothing of ours, so that it starts in an
instant, and has a session of its own, so that what kills the tests' process group spares it.
"""

import contextlib
import glob
import os
import shutil
import signal
import sys
import time

_GRACE = 10.0


def start_time(pid: int) -> str | None:
    """Return when a process started, in the kernel's ticks, or None when there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stream:  # noqa: PTH123
            fields = stream.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def end(processes: "dict[int, str]") -> None:
    """End processes, last started first: asked, then killed; never one that took over a pid."""
    for wanted in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + _GRACE
        for pid in reversed(list(processes)):
            if start_time(pid) == processes[pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, wanted)
        while any(start_time(pid) == began for pid, began in processes.items()):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)


def remove_cgroup(name: str) -> None:
    """Remove a cgroup and those below it, in every hierarchy that has it.

    The kernel refuses while the last of its processes are still ending.
    """
    tops = [*glob.glob(f"/sys/fs/cgroup/*/{name}"), f"/sys/fs/cgroup/{name}"]  # noqa: PTH207
    deadline = time.monotonic() + _GRACE
    while any(os.path.isdir(top) for top in tops) and time.monotonic() < deadline:  # noqa: PTH112
        for top in tops:
            for folder, _, _ in os.walk(top, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(folder)  # noqa: PTH106
        time.sleep(0.05)


def main() -> None:
    """Remember what is told until the teller is gone; then clean up."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    told: dict[str, list[str]] = {"process": [], "ended": [], "folder": [], "cgroup": []}
    began: dict[int, str] = {}
    for line in sys.stdin:
        word, _, value = line.rstrip("\n").partition(" ")
        told[word].append(value)
        if word == "process":
            began[int(value)] = start_time(int(value)) or ""
        elif word == "ended":
            began.pop(int(value), None)
    end(began)
    for folder in told["folder"]:
        shutil.rmtree(folder, ignore_errors=True)
    for name in told["cgroup"]:
        remove_cgroup(name)


if __name__ == "__main__":
    main()
