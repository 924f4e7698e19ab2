from tests.operator.kubernetes.builders import UID, job

from diptych.kubernetes.jobs import children_of, job_of
from diptych.kubernetes.names import Part


def test_a_job_is_known_by_its_name_and_its_owner() -> None:
    found = job_of(job(1, number=3, succeeded=2, failed=5, failedIndexes="0,2-3"), UID)
    assert found is not None
    assert found.part == Part(1, 3)
    assert (found.succeeded, found.pods_failed, found.failed.count) == (2, 5, 3)
    assert job_of(job(1), "somebody else") is None
    stranger = job(1)
    stranger["metadata"]["name"] = "some-job"
    assert job_of(stranger, UID) is None


def test_an_owner_that_does_not_control_is_none() -> None:
    held = job(0)
    del held["metadata"]["ownerReferences"][0]["controller"]
    assert job_of(held, UID) is None


def test_jobs_are_kept_by_what_they_are_for_the_newest_last() -> None:
    going = job(0, number=3)
    going["metadata"]["deletionTimestamp"] = "2026-11-25T01:00:00Z"
    children = children_of([job(0, number=2), going, job(0), job(None), job(1)], UID)
    assert [each.part.round for each in children.trials[0]] == [1, 2, 3]
    current = children.current(0)
    assert current is not None
    assert current.part.round == 2
    assert children.current(7) is None
    assert children.analysis is not None
    assert len(children.all) == 5


def test_a_job_that_failed_or_is_complete_is_open_no_more() -> None:
    for end in ("Complete", "Failed"):
        ended = job_of(job(0, ended=end), UID)
        assert ended is not None
        assert not ended.is_open
        assert ended.wanted == 0


def test_it_wants_no_more_pods_than_there_are_blocks_left() -> None:
    wanting = job_of(job(0, succeeded=1, failedIndexes="2"), UID)
    assert wanting is not None
    assert wanting.wanted == 1
    held = job_of(job(0, suspend=True), UID)
    assert held is not None
    assert held.wanted == 0


def test_garbage_is_no_job() -> None:
    garbages: list[dict[str, object]] = [{}, {"metadata": None}, {"metadata": {"name": 7}}]
    for garbage in garbages:
        assert job_of(garbage, UID) is None
