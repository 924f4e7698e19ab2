"""A proxy on loopback that hurts requests on their way to a real server."""

import contextlib
import http.client
import http.server
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

#: What a rule does with a request: forward it (None), answer it, or cut the connection.
CUT = "cut"
#: Cut once the server has taken the request: the client cannot know what became of it.
CUT_ANSWER = "cut the answer"
#: Write in spite of If-None-Match, as a server does that does not know it. The header is signed
#: and cannot be left out, so what it asks about is deleted first.
IGNORE = "ignore the condition"

ERROR = "<?xml version='1.0'?><Error><Code>{}</Code><Message>{}</Message></Error>"

Rule = Callable[[str, str], "str | tuple[int, str] | None"]


@dataclass
class Faults:
    """The rule of the moment, and the requests seen so far."""

    port: int = 0
    rule: Rule = lambda _method, _path: None
    seen: list[tuple[str, str]] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        """The proxy's address."""
        return f"http://127.0.0.1:{self.port}"


class Handler(http.server.BaseHTTPRequestHandler):
    """Lets the rule of the moment decide about each request."""

    protocol_version = "HTTP/1.1"
    server: "Proxy"

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        faults = self.server.faults
        length = int(self.headers.get("Content-Length") or 0)
        faults.seen.append((self.command, self.path))
        fate = faults.rule(self.command, self.path)
        if fate == CUT:
            self.rfile.read(length // 2)
            self.close_connection = True
            return
        body = self.rfile.read(length)
        if isinstance(fate, tuple):
            self._answer(fate[0], {}, ERROR.format(fate[1], "the message").encode("ascii"))
            return
        if fate == IGNORE and self.headers.get("If-None-Match"):
            self.server.forget(self.path)
        status, headers, content = self._forwarded(body)
        if fate == CUT_ANSWER:
            self.close_connection = True
            return
        self._answer(status, headers, content)

    def _forwarded(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        server = http.client.HTTPConnection("127.0.0.1", self.server.upstream, timeout=30)
        with contextlib.closing(server):
            # The Host header is the proxy's, as it was signed.
            server.request(self.command, self.path, body, dict(self.headers.items()))
            answer = server.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, headers, answer.read()

    def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response_only(status)
        length = headers.get("content-length", "0") if self.command == "HEAD" else len(content)
        for name, value in headers.items():
            if name not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _serve  # noqa: N815 - the library's names


class Proxy(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """Forwards to a server on loopback."""

    daemon_threads = True

    def __init__(self, upstream: int, faults: Faults, forget: Callable[[str], None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.upstream = upstream
        self.faults = faults
        self.forget = forget


@contextlib.contextmanager
def proxy_before(port: int, forget: Callable[[str], None]) -> Iterator[Faults]:
    """Run the proxy before a server on loopback; `forget` deletes the object at a path."""
    faults = Faults()
    with Proxy(port, faults, forget) as server:
        faults.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield faults
        finally:
            server.shutdown()
            thread.join()
