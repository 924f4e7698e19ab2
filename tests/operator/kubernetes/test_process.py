"""What is wrong before the start is told as what it is: a mistake to mend, or an outage."""

import asyncio
from typing import Any, cast

import pytest
from tests.operator.kubernetes.builders import CONFIGURATION

from diptych.kubernetes.api import Answer, Api, Refusal
from diptych.kubernetes.process import CannotStart, preflight


class Refusing:
    """Answers every list with an error."""

    def __init__(self, code: int) -> None:
        self.code = code

    async def list(self, path: str, **_: Any) -> None:  # noqa: ANN401
        raise Refusal(f"LIST {path}", Answer(self.code, {"message": "told by the server"}))


def start(code: int) -> None:
    asyncio.run(preflight(cast("Api", Refusing(code)), CONFIGURATION))


def test_a_right_that_lacks_is_to_be_granted() -> None:
    with pytest.raises(CannotStart, match="told by the server; grant it"):
        start(403)


def test_refused_credentials_are_no_missing_right() -> None:
    with pytest.raises(CannotStart, match="credentials: told by the server; give it a valid"):
        start(401)


def test_a_crd_that_lacks_is_to_be_installed() -> None:
    with pytest.raises(CannotStart, match="install the CRD first"):
        start(404)


@pytest.mark.parametrize("code", [429, 500, 503])
def test_an_outage_is_no_mistake(code: int) -> None:
    with pytest.raises(Refusal, match="told by the server"):
        start(code)
