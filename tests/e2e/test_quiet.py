"""An operator with nothing to do does nothing, and stays small."""

import json
import os
import time
from pathlib import Path

import pytest
from tests.e2e.clusters import OPERATOR, Cluster

USER = "system:serviceaccount:diptych-system:diptych-operator"
SECONDS = float(os.environ.get("DIPTYCH_IDLE_SECONDS", "90"))
WRITES = {"create", "update", "patch", "delete"}


def requests(audit_log: Path, since: int) -> list[str]:
    with audit_log.open("rb") as stream:
        stream.seek(since)
        entries = [json.loads(line) for line in stream]
    return [
        f"{entry['verb']} {entry['requestURI']}"
        for entry in entries
        if entry["stage"] == "RequestReceived" and entry["user"]["username"] == USER
    ]


def memory(cluster: Cluster) -> int:
    """Return the resident memory of the operator in MiB."""
    read = "print(open('/proc/1/status').read())"
    status = cluster.kubectl("exec", *OPERATOR, "--", "python", "-c", read)
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def test_idle_it_writes_nothing_and_its_memory_stays(cluster: Cluster) -> None:
    if cluster.audit_log is None:
        pytest.skip("somebody's own cluster shows no audit log")
    before, size = memory(cluster), cluster.audit_log.stat().st_size
    time.sleep(SECONDS)
    asked = requests(cluster.audit_log, size)
    assert not [each for each in asked if each.partition(" ")[0] in WRITES]
    assert memory(cluster) <= before + 8
    assert memory(cluster) < 192
