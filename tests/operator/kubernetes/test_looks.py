from collections.abc import Container

from tests.operator.kubernetes.builders import Body, item, job, observed, uid_of

from diptych.kubernetes.looks import FEW, MANY, looks_at, proofs

#: Those with a node, and those without.
WAITING = [("v0-r1", "Pending")] * 2
#: Looks at pods that may be many, in no order.
MANY_OF = {("Failed", MANY), ("Running", MANY)}


def looks(
    *jobs: Body,
    status: Body | None = None,
    explain: bool = True,
    identify: bool = True,
    identified: Container[str] = (uid_of(0), uid_of(1)),
) -> list[tuple[str, str | None]]:
    seen = observed(item(status), *jobs)
    found = looks_at(
        seen.comparison,
        seen.accepted,
        seen.children,
        may_identify=identify,
        may_explain=explain,
        identified=identified,
    )
    assert all(each.limit <= FEW or (each.phase, each.limit) in MANY_OF for each in found)
    return [(each.job.name.removeprefix("mlp-0f3a77c1-"), each.phase) for each in found]


IDENTIFIED = {"versions": [{"name": n, "imageID": "i"} for n in ("2.1.0", "2.4.0")]}


def test_what_runs_as_it_should_is_not_looked_at() -> None:
    jobs = [job(0, active=2, ready=2, succeeded=1), job(1, ended="Complete", succeeded=3)]
    # Its failed pods are: an end without the store is in no count of a Job.
    assert looks(*jobs, status=IDENTIFIED) == [("v0-r1", "Failed")]


def test_failed_pods_of_the_blocks_that_are_tried_now_are_looked_at() -> None:
    seen = observed(item(IDENTIFIED), job(0, active=2, ready=2, succeeded=1, completedIndexes="1"))
    found = looks_at(
        seen.comparison, seen.accepted, seen.children, may_identify=False, may_explain=True
    )
    assert [(look.phase, look.indexes) for look in found] == [("Failed", (0, 2))]
    assert [(look.phase, look.indexes) for look in proofs(found[0].job)] == [
        ("Running", (0, 2)), ("Succeeded", (1,)),
    ]  # fmt: skip


def test_while_pods_fail_those_of_the_blocks_that_were_closed_last_are_looked_at() -> None:
    seen = observed(
        item({**IDENTIFIED, "failingJobs": ["mlp-0f3a77c1-v0-r1"]}),
        job(0, active=1, ready=1, succeeded=1, completedIndexes="0", failedIndexes="1"),
    )
    found = looks_at(
        seen.comparison, seen.accepted, seen.children, may_identify=False, may_explain=True
    )
    assert [(look.phase, look.indexes) for look in found] == [("Failed", (2,)), ("Failed", (0, 1))]


def test_images_are_looked_for_until_they_are_known() -> None:
    jobs = [job(0, active=2, ready=2, succeeded=1), job(1, ended="Complete", succeeded=3)]
    assert looks(*jobs, explain=False) == [("v0-r1", "Running"), ("v1-r1", "Succeeded")]
    assert looks(*jobs, explain=False, identify=False) == []


def test_the_images_of_a_later_round_are_looked_for_too() -> None:
    jobs = [job(0, number=2, active=2, ready=2), job(1, ended="Complete", succeeded=3)]
    assert looks(*jobs, status=IDENTIFIED, explain=False) == [("v0-r2", "Running")]
    both = (uid_of(0, 2), uid_of(1))
    assert looks(*jobs, status=IDENTIFIED, explain=False, identified=both) == []


def test_pods_that_wait_or_fail_or_are_not_made_are_looked_at() -> None:
    assert looks(job(0, active=2, ready=1, succeeded=1), status=IDENTIFIED) == [
        *WAITING, ("v0-r1", "Failed"),
    ]  # fmt: skip
    assert looks(job(0, active=0), status=IDENTIFIED) == [
        *WAITING, ("v0-r1", None), ("v0-r1", "Failed"),
    ]  # fmt: skip
    assert looks(job(0, active=0), status=IDENTIFIED, explain=False) == []


def test_pods_that_are_to_go_and_do_not_are_looked_at() -> None:
    assert looks(job(0, active=2, ready=2, terminating=1), status=IDENTIFIED) == [
        *WAITING, ("v0-r1", "Running"), ("v0-r1", None), ("v0-r1", "Failed"),
    ]  # fmt: skip


def test_a_job_that_a_queue_holds_is_not_looked_at() -> None:
    assert looks(job(0, suspend=True), job(1, suspend=True)) == []


def test_results_are_read_whether_or_not_it_is_time() -> None:
    for end, phase in (("Complete", "Succeeded"), ("Failed", "Failed")):
        assert looks(job(None, ended=end), explain=False, identify=False) == [
            ("analysis-r1", phase)
        ]


def test_once_trials_are_over_only_the_analysis_is_explained() -> None:
    condition = {"type": "TrialsComplete", "status": "True", "reason": "AllPodsEnded"}
    over = {**IDENTIFIED, "conditions": [condition]}
    jobs = [job(0, ended="Failed"), job(None, active=1)]
    assert ("v0-r1", "Failed") not in looks(*jobs, status=over)
    assert ("analysis-r1", "Pending") in looks(*jobs, status=over)
