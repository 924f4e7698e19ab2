"""A headless Chromium without a network, driven over the DevTools protocol's pipe.

Needs nothing from PyPI and opens no port: the browser reads commands from its file descriptor 3
and writes answers to 4, JSON separated by NUL bytes.
"""

import base64
import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BINARIES = ("chromium", "chromium-browser", "google-chrome")
#: No update, no sync, no variations, no name resolved: a test fails rather than reach the network.
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)
_TIMEOUT = 60.0


class ChromiumError(Exception):
    """The browser did not do what it was told."""


def find_chromium() -> str | None:
    """Return the path of an installed Chromium or Chrome, None when there is none."""
    return next((path for name in BINARIES if (path := shutil.which(name))), None)


class Page:
    """One tab: commands in, answers and events out."""

    def __init__(self, commands: int, answers: int) -> None:
        """Take the pipe's two ends, open a tab and listen to all that it says."""
        self._commands, self._answers = commands, answers
        self._selector = selectors.DefaultSelector()
        self._selector.register(answers, selectors.EVENT_READ)
        self._buffer = b""
        self._count = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send a command and return its result; events that come meanwhile are kept."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        answer = self._until(lambda found: found.get("id") == self._count)
        if "error" in answer:
            raise ChromiumError(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, path: Path) -> None:
        """Load a file and wait until it is complete."""
        self.events.clear()
        self.send("Page.navigate", url=path.resolve().as_uri())
        if not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self._until(lambda found: found.get("method") == "Page.loadEventFired")
        self.send("Page.getLayoutMetrics")  # answered when the page has been laid out

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - whatever the page says
        """Return the value of a JavaScript expression, awaited."""
        answer = self.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise ChromiumError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def resize(self, width: int, height: int, *, scale: float = 1.0, mobile: bool = False) -> None:
        """Give the page another size, in CSS pixels."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=mobile,
        )

    def prefer(self, scheme: str) -> None:
        """Say which colour scheme the system has: light or dark."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.send("Emulation.setEmulatedMedia", features=[feature])

    def press(self, key: str, code: int, *, shift: bool = False) -> None:
        """Press and release a key: Tab, or one that gives the character `key`."""
        name = "Space" if key == " " else key
        common = {"key": key, "code": name, "windowsVirtualKeyCode": code, "modifiers": 8 * shift}
        text = {"text": key} if len(key) == 1 else {}
        self.send("Input.dispatchKeyEvent", type="keyDown", **common, **text)
        self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    def screenshot(self, *, whole: bool = False) -> bytes:
        """Return a PNG of what is shown, or of the whole page."""
        found = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        return base64.b64decode(found["data"])

    def pdf(self) -> bytes:
        """Return the page as it is printed."""
        found = self.send(
            "Page.printToPDF", printBackground=False, paperWidth=8.27, paperHeight=11.7
        )
        return base64.b64decode(found["data"])

    def _until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        end = time.monotonic() + _TIMEOUT
        while True:
            message = self._message(end)
            if "id" not in message:
                self.events.append(message)
            if wanted(message):
                return message

    def _message(self, end: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            if not self._selector.select(max(0.0, end - time.monotonic())):
                raise ChromiumError(f"no answer within {_TIMEOUT:g} s")
            part = os.read(self._answers, 1 << 20)
            if not part:
                raise ChromiumError("the browser ended")
            self._buffer += part
        text, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message


@contextmanager
def chromium(binary: str) -> Iterator[Page]:
    """Start a browser with an empty profile, yield its page, and end it and its children."""
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        (to_read, commands), (answers, to_write) = os.pipe(), os.pipe()
        # The browser wants descriptors 3 and 4, which Python may use itself: a shell renames them.
        start = f'exec "$0" "$@" 3<&{to_read} 4>&{to_write}'
        process = subprocess.Popen(
            ["/bin/bash", "-c", start, binary, *FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(to_read, to_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_read)
        os.close(to_write)
        try:
            yield Page(commands, answers)
        finally:
            os.close(commands)
            os.close(answers)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
