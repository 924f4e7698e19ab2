"""Rules are tested through the loader: what counts is that each mistake is told once."""

from collections.abc import Callable

import pytest

from diptych.api.load import Loaded

Told = Callable[..., list[tuple[str, str]]]


@pytest.fixture(scope="session")
def told(check: Callable[..., Loaded]) -> Told:
    """Return the path and message of every problem of a comparison with this spec."""

    def problems(**spec: object) -> list[tuple[str, str]]:
        return [(problem.path, problem.message) for problem in check(**spec).problems]

    return problems
