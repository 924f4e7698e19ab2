"""Resources to plan, from parts of a spec."""

from collections.abc import Callable

import pytest
from tests.operator.documents import small

from diptych.api.load import load_mapping
from diptych.api.resource import VersionComparison

Compare = Callable[..., VersionComparison]


@pytest.fixture(scope="session")
def compare() -> Compare:
    """Return the smallest valid comparison with parts of its spec replaced."""

    def resource(**spec: object) -> VersionComparison:
        loaded = load_mapping(small(**spec), "test")
        assert loaded.problems == []
        assert loaded.resource is not None
        return loaded.resource

    return resource
