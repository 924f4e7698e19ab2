"""The ConfigMap that carries code of the user's own into a cluster's pods."""

from collections.abc import Mapping
from typing import Any

from diptych.api.workload import Module


def config_map_of(
    module: Module, files: Mapping[str, str], namespace: str | None
) -> dict[str, Any]:
    """Return the ConfigMap of a module's files, ready to be created.

    It is immutable: code that changed while its trials run would make them Invalid.
    """
    metadata: dict[str, Any] = {
        "name": module.config_map,
        "labels": {
            "app.kubernetes.io/managed-by": "diptych",
            "app.kubernetes.io/name": "diptych",
        },
    }
    if namespace is not None:
        metadata["namespace"] = namespace
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata,
        "immutable": True,
        "data": dict(sorted(files.items())),
    }
