"""A version that ran two images says so in the status, and once in an Event."""

import json

from tests.operator.kubernetes.builders import Body, decided, item, job, message, observed, uid_of

from diptych.api.status import Status
from diptych.kubernetes import images
from diptych.kubernetes.decision import Decision
from diptych.kubernetes.observed import Looked
from diptych.kubernetes.pods import Pod

FIRST, SECOND = "r/tf:2@sha256:1", "r/tf:2@sha256:2"


def look(status: Body | None, number: int, *ran: str) -> Decision:
    """Decide when pods of a round of the first version ran these images."""
    pods = tuple(Pod(image, image, "Running", image_id=image) for image in ran)
    jobs = [job(0, number, active=3, ready=3), job(1, active=3, ready=3)]
    return decided(observed(item(status), *jobs, looked={uid_of(0, number): Looked(pods)}))


def entry(status: Body | None) -> Body:
    assert status is not None
    Status.model_validate_json(json.dumps(status))
    found: Body = status["versions"][0]
    return found


def test_a_tag_that_moved_between_two_rounds_is_told_once_and_stays_in_the_status() -> None:
    first = look(None, 1, FIRST)
    assert entry(first.status)["imageID"] == FIRST
    assert "otherImageIDs" not in entry(first.status)
    moved = look(first.status, 2, SECOND)
    assert entry(moved.status)["imageID"] == FIRST
    assert entry(moved.status)["otherImageIDs"] == [SECOND]
    assert f"version 2.1.0 ran 2 images: {FIRST}, {SECOND}" in message(moved.status, "Accepted")
    told = [(each.type, each.message) for each in moved.notices if each.reason == "ImageChanged"]
    assert told == [("Warning", f"version 2.1.0 ran {SECOND}, and {FIRST} too")]
    assert moved.urgent, "the pod may be gone at the next look"
    later = look(moved.status, 2)
    assert (later.status, later.notices) == (None, ())


def test_nodes_that_hold_two_images_of_one_tag_are_told_apart() -> None:
    both = look(None, 1, FIRST, SECOND)
    assert entry(both.status)["otherImageIDs"] == [SECOND]
    assert "ImageChanged" in [each.reason for each in both.notices]
    later = observed(item(both.status))
    assert images.news(later, images.ran(later)) == []


def test_the_same_image_from_another_registry_is_no_other() -> None:
    assert "otherImageIDs" not in entry(look(None, 1, FIRST, "mirror/tf:2@sha256:1").status)


def test_no_more_images_are_kept_than_the_schema_allows() -> None:
    many = look(None, 1, *(f"r/tf:2@sha256:{number}" for number in range(20)))
    assert len(entry(many.status)["otherImageIDs"]) == 7


def test_an_image_that_a_status_does_not_have_yet_is_no_second_one() -> None:
    seen = observed(item(), job(0, ready=1))
    every = images.ran(seen)
    assert images.news(seen, every) == images.remarks(seen, every) == []
