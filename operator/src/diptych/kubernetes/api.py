"""The API server as this operator uses it: a few verbs on plain objects, errors as values.

It keeps no cache and knows no kind. The Kubernetes client brings authentication and connections;
its models are not used, for they would drop fields that they do not know.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

import aiohttp
from kubernetes.aio.client import ApiClient, Configuration
from kubernetes.aio.config import ConfigException, load_incluster_config, load_kube_config

from diptych.kubernetes import metrics
from diptych.kubernetes.clock import ServerClock
from diptych.kubernetes.errors import Foreseen

Body = dict[str, Any]

#: Seconds for one request; a server that is slower than this is asked again later.
TIMEOUT = 30
#: Objects of one page of a list.
PAGE = 500
#: Seconds between the tries of one request; after them the comparison as a whole waits.
_DELAYS = (0.2, 0.5, 1.0, 2.0)
#: Seconds between two tries at most, however long a server asks to be left alone.
_LONGEST_DELAY = 60
_OVERLOADED = (429, 500, 502, 503, 504)
_MERGE_PATCH = "application/merge-patch+json"


class Unreachable(Foreseen):
    """The API server did not answer; it may have done what it was asked."""


@dataclass(frozen=True)
class Answer:
    """What the server answered: the status code, and the object or the Status that explains."""

    code: int
    body: Body
    #: Seconds that the server asks to be left alone.
    retry_after: int = 0

    @property
    def is_ok(self) -> bool:
        """Whether it did what it was asked."""
        return 200 <= self.code < 300

    @property
    def message(self) -> str:
        """The server's own words about a refusal."""
        return str(self.body.get("message") or f"HTTP {self.code}")


class Refusal(Foreseen):
    """The server answered with an error that the caller had no use for."""

    def __init__(self, what: str, answer: Answer) -> None:
        """Take what was asked for, and the answer."""
        super().__init__(f"{what}: {answer.message}")
        self.answer = answer


class Api:
    """Requests to one API server."""

    def __init__(self, client: ApiClient, clock: ServerClock) -> None:
        """Take a client that knows the server and how to authenticate, and a clock to set."""
        self._client = client
        self._clock = clock

    @classmethod
    async def connected(cls, clock: ServerClock) -> Self:
        """Return an API of the pod's own cluster, else of the kubeconfig; it sets the clock."""
        configuration = Configuration()
        try:
            load_incluster_config(  # type: ignore[no-untyped-call]
                client_configuration=configuration
            )
        except ConfigException:
            await load_kube_config(  # type: ignore[no-untyped-call]
                client_configuration=configuration
            )
        return cls(ApiClient(configuration), clock)

    async def close(self) -> None:
        """Close its connections."""
        await self._client.close()  # type: ignore[no-untyped-call]

    async def get(self, path: str) -> Body | None:
        """Return an object, or None when there is none."""
        answer = await self._ask("GET", path)
        if answer.code == 404:
            return None
        return _expected(f"GET {path}", answer)

    async def list(self, path: str, *, limit: int | None = None, **selectors: str) -> list[Body]:
        """Return the objects that selectors find: all of them, or the first `limit`."""
        found: list[Body] = []
        query = {**selectors, "limit": str(limit or PAGE)}
        while True:
            page = _expected(f"LIST {path}", await self._ask("GET", path, query))
            found += page.get("items") or []
            token = (page.get("metadata") or {}).get("continue")
            if limit is not None or not token:
                return found
            query["continue"] = token

    async def create(self, path: str, body: Body) -> Answer:
        """Make an object; 409 is an answer like others."""
        return await self._ask("POST", path, body=body)

    async def patch(self, path: str, body: Body) -> Answer:
        """Merge into an object; 409 and 404 are answers like others."""
        return await self._ask("PATCH", path, body=body, content=_MERGE_PATCH)

    async def delete(
        self,
        path: str,
        uid: str,
        version: str | None = None,
        *,
        propagation: Literal["Background", "Foreground"] = "Background",
    ) -> Answer:
        """Delete the object of this uid, and its own after it or before; 404 is an answer too."""
        conditions = {"uid": uid, **({"resourceVersion": version} if version else {})}
        options = {"propagationPolicy": propagation, "preconditions": conditions}
        return await self._ask("DELETE", path, body=options)

    async def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Body | None = None,
        content: str = "application/json",
    ) -> Answer:
        """Ask, a few times while the server is overloaded or away, not sooner than it asks for.

        Every request of ours may be made twice: names are fixed and statuses are compared.
        """
        for delay in _DELAYS:
            try:
                answer = await self._ask_once(method, path, query, body, content)
            except Unreachable:
                await asyncio.sleep(delay)
                continue
            if answer.code not in _OVERLOADED:
                return answer
            await asyncio.sleep(max(delay, min(answer.retry_after, _LONGEST_DELAY)))
        return await self._ask_once(method, path, query, body, content)

    async def _ask_once(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: Body | None,
        content: str,
    ) -> Answer:
        try:
            request = await self._client.param_serialize(
                method,
                path,
                query_params=list((query or {}).items()),
                header_params={"Content-Type": content, "Accept": "application/json"},
                body=body,
                auth_settings=["BearerToken"],
            )
            response = await self._client.call_api(*request, _request_timeout=TIMEOUT)
            self._clock.heard(response.headers.get("Date"))
            text = await response.read()  # type: ignore[no-untyped-call]
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            metrics.requested(method, path, "none")
            words = str(error) or type(error).__name__
            raise Unreachable(f"{method} {path}: {words}") from error
        metrics.requested(method, path, str(response.status))
        wait = response.headers.get("Retry-After", "")
        # As a date it would be a proxy's; the API server gives seconds.
        seconds = int(wait[:9]) if wait.isascii() and wait.isdigit() else 0
        return Answer(response.status, _parsed(text), seconds)


def _expected(what: str, answer: Answer) -> Body:
    if not answer.is_ok:
        raise Refusal(what, answer)
    return answer.body


def _parsed(text: bytes) -> Body:
    try:
        body = json.loads(text)
    except ValueError:
        return {"message": text[:300].decode("utf-8", "replace")}
    return body if isinstance(body, dict) else {}
