"""A decision carried out: children, then Events, then the status, then deletions.

Making what is there already is success, and so is deleting what is gone: a pass that is cut off
after any of these writes is made good by the next. Events come before the status that they tell
of: after it nobody would know that one was not posted.
"""

import logging
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from diptych.api.base import API_VERSION, KIND
from diptych.api.raw import text_at
from diptych.kubernetes import names, paths, times
from diptych.kubernetes.api import Answer, Api, Refusal
from diptych.kubernetes.comparison import Comparison
from diptych.kubernetes.decision import Decision, Notice
from diptych.kubernetes.errors import Conflict
from diptych.kubernetes.jobs import is_owned
from diptych.kubernetes.pods import Stall
from diptych.kubernetes.storage import begun_with

logger = logging.getLogger(__name__)

Body = dict[str, Any]

#: Tries of a child that the server says is there, and that is not.
_TRIES = 3


async def create_children(
    api: Api, comparison: Comparison, children: tuple[Body, ...]
) -> tuple[Stall, ...]:
    """Make children that are not there; return what the server has against them.

    One that is refused keeps back no other, but for the plan, which all the others' pods need, and
    for one that is invalid, which the others are as well.
    """
    stalls: list[Stall] = []
    for child in children:
        stall = await _create(api, comparison, child)
        if stall is not None:
            stalls.append(stall)
            if child["kind"] == "ConfigMap" or stall.reason == names.CHILD_INVALID:
                break
    return tuple(stalls)


async def _create(api: Api, comparison: Comparison, child: Body) -> Stall | None:
    """Make a child that is not there; return what the server has against it."""
    path = paths.of_child(child["kind"], comparison.namespace)
    name = child["metadata"]["name"]
    for _ in range(_TRIES):
        answer = await api.create(path, child)
        if answer.is_ok:
            return None
        there = await api.get(f"{path}/{name}") if answer.code == 409 else None
        if there is not None:
            return _in_the_way(there, comparison, child)
        if answer.code != 409:
            break
        # It went in between, or the server took no note of it: a quota that others change in the
        # same moment answers so, too.
    return Stall(reason_of(answer, child), f"{child['kind']} {name}: {answer.message}")


def _in_the_way(there: Body, comparison: Comparison, child: Body) -> Stall | None:
    """Return what is wrong with the object that has a child's name; nothing where it is it."""
    if not is_owned(there, comparison.uid):
        what = f"{child['kind']} {child['metadata']['name']}"
        words = f"{what} is there already, and is not this comparison's"
        return Stall(names.NAME_TAKEN, words)
    if _is_elsewhere(there, child):
        raise Conflict("another operator began it with another store")
    return None


def _is_elsewhere(there: Body, child: Body) -> bool:
    """Return whether the plan that is there keeps another store than the one to be made."""
    mine, kept = (begun_with(text_at(body, "data", names.STORAGE_KEY)) for body in (child, there))
    return kept is not None and kept != mine


def reason_of(answer: Answer, child: Body) -> str:
    """Return why a child was refused: by a quota, by its own form, or by somebody's policy."""
    if "exceeded quota" in answer.message:
        return names.QUOTA_EXCEEDED
    # Webhooks and policies may answer with this code and reason too, and be changed; only the
    # server's own validation begins so.
    own = rf'{child["kind"]}[.a-z]* "{re.escape(child["metadata"]["name"])}" is invalid: '
    is_invalid = answer.code == 422 and answer.body.get("reason") == "Invalid"
    is_own = re.match(own, answer.message) is not None
    return names.CHILD_INVALID if is_invalid and is_own else names.CHILD_REFUSED


async def stands(api: Api, comparison: Comparison) -> None:
    """Raise Conflict when anybody wrote the comparison since it was read.

    The status would not be written then, and no Event must tell of what it was to say.
    """
    item = await api.get(paths.comparison(comparison.namespace, comparison.name))
    if text_at(item, "metadata", "resourceVersion") != comparison.resource_version:
        raise Conflict("it was changed meanwhile")


async def write_status(api: Api, comparison: Comparison, status: Body) -> str | None:
    """Write the status over the one that was read; return the new resourceVersion, if it is there.

    Raises Conflict when anybody wrote the comparison in the meantime.
    """
    path = paths.comparison(comparison.namespace, comparison.name) + "/status"
    patch = {
        "metadata": {"resourceVersion": comparison.resource_version, "uid": comparison.uid},
        "status": merge_patch(comparison.past.raw, status),
    }
    answer = await api.patch(path, patch)
    if answer.code == 404:
        return None
    if answer.code == 409:
        raise Conflict("it was changed meanwhile")
    if not answer.is_ok:
        raise Refusal("write the status", answer)
    return str(answer.body["metadata"]["resourceVersion"])


def merge_patch(old: object, new: Body) -> Body:
    """Return the JSON merge patch that makes `new` of `old`: what is gone becomes null."""
    before = old if isinstance(old, dict) else {}
    patch: Body = {key: None for key in before if key not in new}
    for key, value in new.items():
        if isinstance(value, dict) and isinstance(before.get(key), dict):
            inner = merge_patch(before[key], value)
            if inner:
                patch[key] = inner
        elif key not in before or before[key] != value:
            patch[key] = value
    return patch


async def post(
    api: Api, comparison: Comparison, notices: Iterable[Notice], ended: str, now: datetime
) -> None:
    """Post Events; one that was posted before, by a pass that was cut off, is there already."""
    for notice in notices:
        body = event_of(comparison, notice, ended, now)
        answer = await api.create(paths.core(comparison.namespace, "events"), body)
        # An Event is a courtesy: the status is written whether or not the server takes it.
        if not answer.is_ok and answer.code != 409:
            logger.warning("Event %s was refused: %s", notice.reason, answer.message)


def event_of(comparison: Comparison, notice: Notice, ended: str, now: datetime) -> Body:
    """Return an Event about a comparison.

    Its name follows from the resourceVersion of the status that it ends and from what it tells: the
    same is not posted twice, and where several have the same second, kubectl shows them in order.
    """
    number = int(ended) if ended.isdigit() else 0
    first, reason = names.TOLD_FIRST, notice.reason
    place = first.index(reason) if reason in first else len(first)
    # The end of `about` tells Jobs apart, which all begin with the comparison's name.
    about = re.sub("[^a-z0-9-]", "", notice.about.lower())[-40:].strip("-")
    told = re.sub("[^a-z0-9]", "", reason.lower())[:40] + about
    moment = times.spelled(now)
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {
            "name": f"{comparison.name}.{number:012x}{place:02x}{told}",
            "namespace": comparison.namespace,
        },
        "involvedObject": {
            "apiVersion": API_VERSION,
            "kind": KIND,
            "name": comparison.name,
            "namespace": comparison.namespace,
            "uid": comparison.uid,
            "resourceVersion": comparison.resource_version,
        },
        "type": notice.type,
        "reason": notice.reason,
        "message": notice.message,
        "source": {"component": names.OPERATOR},
        "reportingComponent": names.OPERATOR,
        "reportingInstance": "",
        "firstTimestamp": moment,
        "lastTimestamp": moment,
        "count": 1,
    }


async def delete_rest(api: Api, comparison: Comparison, decision: Decision) -> None:
    """Delete the Jobs, and at its time the comparison itself, if nobody changed it meanwhile."""
    for job in decision.delete:
        path = f"{paths.jobs(comparison.namespace)}/{job.name}"
        # A Job that is there until its pods are gone tells how long they may still commit.
        answer = await api.delete(path, job.uid, propagation="Foreground")
        _gone(answer, f"delete Job {job.name}")
    if decision.delete_comparison:
        path = paths.comparison(comparison.namespace, comparison.name)
        answer = await api.delete(path, comparison.uid, comparison.resource_version)
        _gone(answer, "delete the comparison")


def _gone(answer: Answer, what: str) -> None:
    if answer.code == 409:
        raise Conflict("it was changed meanwhile")
    if not answer.is_ok and answer.code != 404:
        raise Refusal(what, answer)
