"""Where objects are on the API server."""

from diptych.api.base import API_VERSION
from diptych.api.crd import PLURAL


def comparisons(namespace: str | None) -> str:
    """Return the path of the comparisons of a namespace, or of all."""
    return f"/apis/{API_VERSION}/{_inside(namespace)}{PLURAL}"


def comparison(namespace: str, name: str) -> str:
    """Return the path of a comparison."""
    return f"{comparisons(namespace)}/{name}"


def jobs(namespace: str | None) -> str:
    """Return the path of the Jobs of a namespace, or of all."""
    return f"/apis/batch/v1/{_inside(namespace)}jobs"


def core(namespace: str, plural: str) -> str:
    """Return the path of pods, Events or ConfigMaps of a namespace.

    >>> core("team-a", "pods")
    '/api/v1/namespaces/team-a/pods'
    """
    return f"/api/v1/{_inside(namespace)}{plural}"


def of_child(kind: str, namespace: str) -> str:
    """Return the path that a child of a kind is made under."""
    return jobs(namespace) if kind == "Job" else core(namespace, "configmaps")


def _inside(namespace: str | None) -> str:
    return f"namespaces/{namespace}/" if namespace else ""
