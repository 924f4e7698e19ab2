"""Documents of comparisons as a file holds them."""

from typing import Any


def small(**spec: object) -> dict[str, Any]:
    """Return the smallest valid comparison with parts of its spec replaced."""
    return {
        "apiVersion": "diptych.dev/v1alpha1",
        "kind": "VersionComparison",
        "metadata": {"name": "small"},
        "spec": {
            "versions": [{"name": "2.1.0"}, {"name": "2.4.0"}],
            "workload": {"builtin": "adam-linear-regression"},
            **spec,
        },
    }
