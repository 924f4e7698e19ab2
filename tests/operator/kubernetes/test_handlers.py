import inspect
import time

from tests.operator.kubernetes.builders import item

from diptych.kubernetes import names
from diptych.kubernetes.freshness import Freshness
from diptych.kubernetes.handlers import is_watched, key_of_comparison, key_of_owner, registry_of
from diptych.kubernetes.keys import Key
from diptych.kubernetes.queue import Queue

OWNER = {
    "apiVersion": "diptych.dev/v1alpha1",
    "kind": "VersionComparison",
    "name": "mlp",
    "controller": True,
}


def test_a_comparison_is_its_own_key_and_a_job_its_owner_s() -> None:
    assert key_of_comparison(item()) == Key("team", "mlp")
    job = {"metadata": {"namespace": "team", "name": "j", "ownerReferences": [{}, OWNER]}}
    assert key_of_owner(job) == Key("team", "mlp")
    assert str(Key("team", "mlp")) == "team/mlp"


def test_whatever_else_is_sent_is_nobody_s() -> None:
    for garbage in ({}, {"metadata": None}, {"metadata": {"ownerReferences": "x"}}, None, 7):
        assert key_of_comparison(garbage) is None
        assert key_of_owner(garbage) is None
    for change in ({"kind": "Other"}, {"controller": None}, {"apiVersion": "v1"}, {"name": 7}):
        job = {"metadata": {"namespace": "team", "ownerReferences": [OWNER | change]}}
        assert key_of_owner(job) is None


def test_events_are_taken_in_the_event_loops_own_thread() -> None:
    """A queue that threads fill breaks in the middle of a burst, and the event is lost."""
    registry = registry_of(Queue(time.monotonic), Freshness(0.0, 70), time.monotonic, 70)
    handlers = [*registry._watching.get_all_handlers(), *registry._activities.get_all_handlers()]
    threaded = {each.id for each in handlers if not inspect.iscoroutinefunction(each.fn)}
    assert len(handlers) == 5
    assert threaded == {"login"}, "kopf's own, which touches nothing of ours"


def test_a_job_without_our_label_is_not_watched() -> None:
    assert is_watched({"metadata": {"labels": {names.MANAGED_BY: names.US}}})
    for labels in ({names.MANAGED_BY: "x"}, {}, None, "text"):
        assert not is_watched({"metadata": {"labels": labels}})
