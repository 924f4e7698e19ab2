"""Resources to plan, from parts of a spec."""

from collections.abc import Callable
from typing import Any

import pytest

from diptych.api.load import load_mapping
from diptych.api.resource import VersionComparison

Compare = Callable[..., VersionComparison]


@pytest.fixture(scope="session")
def compare() -> Compare:
    """Return the smallest valid comparison with parts of its spec replaced."""

    def resource(**spec: object) -> VersionComparison:
        document: dict[str, Any] = {
            "apiVersion": "diptych.dev/v1alpha1",
            "kind": "VersionComparison",
            "metadata": {"name": "small"},
            "spec": {
                "versions": [{"name": "2.1.0"}, {"name": "2.4.0"}],
                "workload": {"builtin": "adam-linear-regression"},
                **spec,
            },
        }
        loaded = load_mapping(document, "test")
        assert loaded.problems == []
        assert loaded.resource is not None
        return loaded.resource

    return resource
