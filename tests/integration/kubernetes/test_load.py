"""Two thousand trials cost the operator as many writes as twenty, and progress once a second."""

import time

from tests.integration.kubernetes.cluster import DIGEST, Namespace, comparison, until
from tests.integration.kubernetes.operators import Operator
from tests.integration.kubernetes.proxy import Proxy

TRIALS = 2000


def test_two_thousand_trials_cost_a_handful_of_writes(
    space: Namespace, operator: Operator, proxy: Proxy
) -> None:
    idle = operator.rss()
    trials = {"planned": TRIALS, "committed": TRIALS, "succeeded": TRIALS, "diverged": 0,
              "failed": 0}  # fmt: skip
    began = time.monotonic()
    space.apply(
        comparison(
            "load",
            digest={**DIGEST, "summary": {**DIGEST["summary"], "trials": trials}},
            seeds={"first": 1, "count": TRIALS // 2},
            noiseFloor={"seeds": 1, "repeats": 1},
            parallelism=200,
            trialsPerPod=8,
        )
    )
    status = space.finish("load", 240)
    seconds = time.monotonic() - began
    until(lambda: "Finished" in space.events("load"))
    assert status["trials"]["total"] == TRIALS
    writes = proxy.writes
    progress = [each for each in writes if each.method == "PATCH"]
    assert len(writes) - len(progress) <= 12, [each.path for each in writes]
    assert len(progress) <= 8 + seconds, len(progress)
    assert operator.rss() < 1.35 * idle, (operator.rss(), idle)
    # Reads are of the comparison and its Jobs, never of all its pods.
    assert all("limit=500" not in each.path for each in proxy.seen if "/pods" in each.path)
