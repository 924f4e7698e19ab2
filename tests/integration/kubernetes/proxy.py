"""A proxy between the operator and the API server: it counts, delays, changes and cuts.

The operator speaks plain HTTP to it, on loopback; it speaks TLS to the server. Watches stream
through. A rule sees each request before the server does and each answer before the operator does.
"""

import asyncio
import contextlib
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

WRITES = ("POST", "PUT", "PATCH", "DELETE")
#: Headers that belong to one connection, or that a changed body makes wrong.
_HOP = {"connection", "content-length", "host", "transfer-encoding", "accept-encoding"}


@dataclass(frozen=True)
class Request:
    """A request of the operator: which one it is of its kind, and what it says."""

    method: str
    path: str
    body: bytes
    #: How many writes came before it since the proxy began.
    write: int

    @property
    def is_write(self) -> bool:
        """Whether it changes something."""
        return self.method in WRITES

    @property
    def object(self) -> Any:  # noqa: ANN401 - JSON
        """The object it carries."""
        return json.loads(self.body or b"{}")


class Cut(Exception):
    """Raised by a rule: the server never hears of the request."""


def passes(_request: Request) -> None:
    """Do nothing."""


def unchanged(request: Request) -> bytes:
    """Send the body as it is."""
    return request.body


@dataclass
class Proxy:
    """What the proxy does to requests, and what it has seen."""

    url: str = ""
    before: Callable[[Request], None] = passes
    after: Callable[[Request], None] = passes
    change: Callable[[Request], bytes] = unchanged
    #: An answer that the proxy gives itself, a status code; None lets the request through.
    refuse: Callable[[Request], int | None] = lambda _request: None
    #: Whether a watch gets no more bytes, and keeps its connection.
    silence: Callable[[Request], bool] = lambda _request: False
    seen: list[Request] = field(default_factory=list)

    @property
    def writes(self) -> list[Request]:
        """The writes that were seen."""
        return [request for request in self.seen if request.is_write]


class _Relay:
    """The server side, in a thread with an event loop of its own."""

    def __init__(self, upstream: str, authority: Path, proxy: Proxy) -> None:
        self._upstream = upstream
        self._tls = ssl.create_default_context(cafile=str(authority))
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        proxy = self._proxy
        mine = Request(request.method, request.path_qs, body, len(proxy.writes))
        proxy.seen.append(mine)
        code = proxy.refuse(mine)
        if code is not None:
            return web.json_response(
                {"kind": "Status", "message": "refused by the test"}, status=code
            )
        # Rules may block (they kill processes and wait for that), so they run beside the loop.
        try:
            await asyncio.to_thread(proxy.before, mine)
        except Cut:
            return web.Response(status=503)
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _HOP}
        assert self._session is not None
        async with self._session.request(
            request.method,
            self._upstream + request.path_qs,
            data=proxy.change(mine) or None,
            headers=headers,
            ssl=self._tls,
        ) as answer:
            if "watch=true" in request.path_qs:
                return await self._stream(mine, request, answer)
            content = await answer.read()
            await asyncio.to_thread(proxy.after, mine)
            kind = answer.headers.get("Content-Type", "application/json")
            return web.Response(body=content, status=answer.status, headers={"Content-Type": kind})

    async def _stream(
        self, mine: Request, request: web.Request, answer: aiohttp.ClientResponse
    ) -> web.StreamResponse:
        response = web.StreamResponse(status=answer.status)
        await response.prepare(request)
        async for chunk in answer.content.iter_any():
            while self._proxy.silence(mine):
                if request.transport is None:
                    return response  # the operator gave it up
                await asyncio.sleep(0.1)
            try:
                await response.write(chunk)
            except ConnectionError:
                break  # the operator was killed
        return response

    async def serve(self, started: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        timeout = aiohttp.ClientTimeout(total=None)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(timeout=timeout, connector=connector) as self._session:
            application = web.Application(client_max_size=2**24)
            application.router.add_route("*", "/{path:.*}", self.handle)
            runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            self._proxy.url = f"http://{host}:{port}"
            started.set()
            await self._stop.wait()
            await runner.cleanup()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)


@contextlib.contextmanager
def proxy_before(upstream: str, authority: Path) -> Iterator[Proxy]:
    """Run a proxy before an API server."""
    proxy = Proxy()
    relay, started = _Relay(upstream, authority, proxy), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(relay.serve(started)))
    thread.start()
    try:
        assert started.wait(10)
        yield proxy
    finally:
        proxy.silence = lambda _request: False
        relay.stop()
        thread.join(10)
