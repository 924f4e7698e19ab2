"""What is sent to a cluster and what is read from it, as plain values."""

from dataclasses import dataclass
from typing import Any

from diptych.api.resource import VersionComparison
from diptych.api.storage import Storage
from diptych.cluster.errors import NotThere

Body = dict[str, Any]


@dataclass(frozen=True)
class Published:
    """A finished comparison: its verdict in a sentence, and where its report lies."""

    verdict: str
    uri: str
    sha256: str | None
    storage: Storage


def submitted(resource: VersionComparison, namespace: str) -> Body:
    """Return a resource as it was written, in a namespace: defaults are the cluster's to set."""
    document = resource.model_dump(
        mode="json", by_alias=True, exclude_unset=True, exclude={"status"}
    )
    document["metadata"]["namespace"] = namespace
    return document


def published(document: Body) -> Published:
    """Return where a comparison's report is; raise NotThere that says how far it is instead."""
    status = document.get("status") or {}
    report, summary = status.get("report") or {}, status.get("summary") or {}
    if not report.get("uri"):
        raise NotThere(f"{document['metadata']['name']} has no report yet: {_how_far(status)}")
    return Published(
        str(summary.get("reason", "")), str(report["uri"]), report.get("sha256"), _storage(document)
    )


def _storage(document: Body) -> Storage:
    """Return how the store is reached, as far as the comparison itself says so."""
    given = document.get("spec", {}).get("storage") or {}
    known = ("endpoint", "region", "addressingStyle")
    return Storage.model_validate({name: given[name] for name in known if name in given})


def _how_far(status: Body) -> str:
    """Return in words what the conditions say of the end.

    >>> _how_far({})
    'no operator has looked at it; is one running?'
    """
    conditions = {each.get("type"): each for each in status.get("conditions") or []}
    finished = conditions.get("Finished")
    if finished is None:
        return "no operator has looked at it; is one running?"
    done = (status.get("display") or {}).get("trials")
    trials = f"{done} trials done, " if done else ""
    return f"{trials}{finished.get('reason')}: {finished.get('message')}"
