"""The operator is killed before and after each write it makes, and nothing is lost or doubled."""

import json
import re
import time
from collections.abc import Callable

from tests.integration.kubernetes.cluster import DIGEST, Namespace, comparison, until
from tests.integration.kubernetes.operators import Operator, started
from tests.integration.kubernetes.proxy import Cut, Proxy, Request

#: Every Event of this comparison's life.
TOLD = (
    *("Accepted", "JobsCreated", "DeletingJobs", "Suspended", "Resumed", "JobsCreated"),
    *("TrialsComplete", "JobsCreated", "Compared", "Finished"),
)
#: Every write of it, in pieces of their identities.
WRITES = (
    *("-plan", "-v0-r1", "-v1-r1", "-v0-r2", "-v1-r2", "-analysis-r1"),
    # The first status is the one that has the start; whether pods run by then is the machine's.
    *("'startTime'", "PATCH Suspended", "PATCH Analyzing", "PATCH Succeeded"),
    *("/hit-v0-r1", "/hit-v1-r1"),
    *(f"events {reason} " for reason in TOLD),
    *(f"JobsCreated made hit-{job}" for job in ("v0-r1", "v0-r2", "analysis-r1")),
)
ANALYSIS = "app.kubernetes.io/component=analysis"


def identity(request: Request) -> str:
    """Return which write of a comparison's life this is, however often it is tried."""
    path = re.sub(r"[0-9a-f]{8}-|\?.*", "", request.path)
    if request.method == "POST":
        made = request.object
        if made["kind"] == "Event":
            return re.sub(r"[0-9a-f]{8}-", "", f"POST {path} {made['reason']} {made['message']}")
        return f"POST {path} {made['metadata']['name']}"
    if request.method == "PATCH":
        status = request.object.get("status", {})
        return f"PATCH {status.get('phase')} {sorted(status)}"
    return f"{request.method} {path}"


class Killer:
    """Kills the operator before each write, and when it comes to it again, after it."""

    def __init__(self, operator: Operator) -> None:
        self.operator = operator
        self.before: list[str] = []
        self.after: list[str] = []

    def told(self) -> str:
        """Return what it did, for a test that failed."""
        return f"killed before {self.before}, after {self.after}"

    def kill_before(self, request: Request) -> None:
        what = identity(request)
        if request.is_write and what not in self.before:
            self.before.append(what)
            self.operator.kill()
            raise Cut

    def kill_after(self, request: Request) -> None:
        what = identity(request)
        if request.is_write and what not in self.after:
            self.after.append(what)
            self.operator.kill()


def kept_alive(operator: Operator, is_so: Callable[[], bool]) -> Callable[[], bool]:
    """Return the question, with the operator started again whenever it is dead."""

    def ask() -> bool:
        if not operator.is_running:
            operator.start()
        return is_so()

    return ask


def live(space: Namespace, reach: Callable[[Callable[[], bool]], None]) -> None:
    """Lead a comparison through its life: begun, suspended, resumed, ended, analysed."""
    space.apply(comparison("hit", runs_for="600s"))
    reach(lambda: space.reason("hit") == "Running")
    space.patch("hit", suspend=True)
    reach(lambda: space.reason("hit") == "Suspended" and space.jobs() == [])
    space.patch("hit", suspend=False)
    reach(lambda: space.reason("hit") == "Running" and len(space.pods()) == 6)
    for pod in space.pods():
        space.end_pod(pod["metadata"]["name"], 0)
    reach(lambda: space.reason("hit") == "Analyzing" and len(space.pods()) == 7)
    space.end_pod(space.pods(ANALYSIS)[0]["metadata"]["name"], 0, json.dumps(DIGEST))
    reach(lambda: space.reason("hit") == "Compared")


def test_killed_before_and_after_each_write_it_converges_to_the_same(
    space: Namespace, own: Operator, proxy: Proxy
) -> None:
    killer = Killer(own)
    proxy.before, proxy.after = killer.kill_before, killer.kill_after

    def reach(is_so: Callable[[], bool]) -> None:
        until(kept_alive(own, is_so), 300, why=lambda: f"{killer.told()}\n{own.log[-3000:]}")

    with started(own):
        live(space, reach)
        # Killed at its very last writes too, it starts once more and finds nothing to do.
        time.sleep(4)
        reach(lambda: own.is_running)
        time.sleep(2)
        written = len(proxy.writes)
        time.sleep(2)
        assert len(proxy.writes) == written
    for write in WRITES:
        assert any(write in each for each in killer.before), (write, killer.before)
        assert any(write in each for each in killer.after), (write, killer.after)
    # Every child once, of the rounds that were asked for: no write was lost, none made twice.
    kinds = [re.sub(r"^hit-[0-9a-f]{8}-", "", name) for name in space.jobs()]
    assert kinds == ["analysis-r1", "v0-r2", "v1-r2"]
    status = space.status("hit")
    assert status["trials"]["committed"] == 18
    assert [each["committed"] for each in status["versions"]] == [9, 9]
    assert [len(each["jobs"]) for each in status["versions"]] == [2, 2]
    assert status["summary"]["verdict"] == "Equivalent"
    assert len(space.pods()) == 7
    # Each transition was told, and once.
    assert space.events("hit") == list(TOLD)
