"""A comparison on an empty cluster: its verdict is the local engine's, to the last bit."""

import subprocess
import time
from hashlib import sha256
from pathlib import Path

from tests.e2e.clusters import OPERATOR, Cluster, comparison
from tests.e2e.records import assert_same_as_here, trials
from tools.cluster.__main__ import GPUS


def most_at_once(cluster: Cluster, name: str) -> int:
    """Watch a comparison to its end; return how many of its pods ran at once."""
    most = 0
    deadline = time.monotonic() + 420
    while cluster.condition(name, "Finished").get("status") != "True":
        phases = [pod["status"]["phase"] for pod in cluster.pods(name)]
        most = max(most, phases.count("Running"))
        assert time.monotonic() < deadline, cluster.kubectl("describe", "vcmp", name)
    return most


def test_verdict_numbers_and_bits_are_the_local_engines(
    cluster: Cluster, tmp_path: Path, captures: Path
) -> None:
    resource = comparison(noiseFloor={"repeats": 2})
    watching = cluster.command("get", "vcmp", "--watch")
    with (
        (captures / "get-watch.txt").open("w") as shown,
        subprocess.Popen(watching, stdout=shown) as watch,
    ):
        try:
            name = cluster.apply(resource)
            running = most_at_once(cluster, name)
        finally:
            watch.terminate()
    status = cluster.wait_finished(name)
    assert running == GPUS, "trials wait for GPUs, and get all there are"
    for file, arguments in {
        "get-wide.txt": ("get", "vcmp", "-o", "wide"),
        "describe.txt": ("describe", "vcmp", name),
        "log.txt": ("logs", *OPERATOR),
    }.items():
        (captures / file).write_text(cluster.kubectl(*arguments))

    assert "1.2.1 → 1.4.0" in (captures / "get-watch.txt").read_text()
    assert status["display"]["trials"] == "16/16"
    assert all("sha256:" in version["imageID"] for version in status["versions"])
    assert cluster.condition(name, "Succeeded")["status"] == "True"

    assert_same_as_here(cluster, resource, tmp_path)
    with cluster.store(name) as store:
        assert sha256(store.read("report.html") or b"").hexdigest() == status["report"]["sha256"]


def test_without_a_gpu_in_use_a_comparison_that_requires_one_is_invalid(cluster: Cluster) -> None:
    resource = comparison(seeds={"first": 1, "count": 1})
    resource["spec"]["resources"]["accelerator"] = "Required"
    name = cluster.apply(resource)
    status = cluster.wait_finished(name)
    assert status["summary"]["verdict"] == "Invalid"
    assert "CPU" in status["summary"]["reason"]
    failed = cluster.condition(name, "Failed")
    assert (failed["status"], failed["reason"]) == ("True", "Invalid")
    assert cluster.condition(name, "Succeeded")["status"] == "False"


def test_two_comparisons_at_once_do_not_meet(cluster: Cluster) -> None:
    one, two = (comparison(seeds={"first": first, "count": 1}) for first in (1, 2))
    names = [cluster.apply(one), cluster.apply(two)]
    for name in names:
        assert cluster.wait_finished(name)["display"]["trials"] == "2/2"
        with cluster.store(name) as store:
            assert len(trials(store)) == 2
