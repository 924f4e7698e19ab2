"""What Prometheus may ask: a small set, none of whose labels grows with the comparisons.

docs/kubernetes.md lists them; a test holds that it lists all.
"""

import re

from prometheus_client import Counter, Gauge, Histogram

_VERBS = {"POST": "create", "PATCH": "patch", "DELETE": "delete", "GET": "get"}
_PLURAL = re.compile(r"/(versioncomparisons|jobs|pods|events|configmaps)(?:/|\Z)")

RECONCILES = Counter(
    "diptych_reconciles_total",
    "Looks at a comparison, by how they ended: done, conflict or error.",
    ["result"],
)
RECONCILE_SECONDS = Histogram(
    "diptych_reconcile_seconds",
    "Duration of a look at a comparison, requests included.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
REQUESTS = Counter(
    "diptych_api_requests_total",
    "Requests to the API server besides watches; code none means that no answer came.",
    ["verb", "resource", "code"],
)
QUEUE = Gauge("diptych_queue_length", "Comparisons that are to be looked at now or later.")
COMPARISONS = Gauge(
    "diptych_comparisons", "Comparisons in the namespaces that are served, by phase.", ["phase"]
)
WATCH_LAG = Gauge(
    "diptych_watch_lag_seconds",
    "Age of the oldest change that was read from the API server and no watch has told yet.",
)


def requested(method: str, path: str, code: str) -> None:
    """Count a request."""
    found = _PLURAL.search(path)
    resource = found[1] if found else "other"
    REQUESTS.labels(verb=_VERBS.get(method, "other"), resource=resource, code=code).inc()


def count_phases(phases: dict[str, int]) -> None:
    """Set the number of comparisons of each phase."""
    COMPARISONS.clear()
    for phase, count in phases.items():
        COMPARISONS.labels(phase=phase).set(count)
