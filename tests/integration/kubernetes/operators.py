"""The operator as users run it: a process of its own, with the rights of its manifest alone."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import yaml
from tools.cluster.processes import free_port

#: Every operator of these tests believes in these defaults.
DEFAULTS = {
    "DIPTYCH_RUNNER_IMAGE": "registry.example/runner:{framework}-{version}",
    "DIPTYCH_ANALYSIS_IMAGE": "registry.example/analysis:1",
    "DIPTYCH_STORE": "s3://results/test",
    "DIPTYCH_SERVICE_ACCOUNTS": "allowed",
}


class Operator:
    """One operator: started, killed and started again; its log grows over all of it."""

    def __init__(self, kubeconfig: Path, log: Path, **environment: str) -> None:
        self.log_file = log
        self.liveness, self.metrics = free_port(), free_port()
        #: Where it is asked.
        self.host = "127.0.0.1"
        self._environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            **DEFAULTS,
            "KUBECONFIG": str(kubeconfig),
            "DIPTYCH_LIVENESS": f"127.0.0.1:{self.liveness}",
            "DIPTYCH_METRICS": f"127.0.0.1:{self.metrics}",
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def set(self, name: str, value: str) -> None:
        """Set a variable of its environment, for the next start."""
        self._environment[name] = value

    def start(self) -> None:
        """Start the process."""
        with self._lock, self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "diptych.kubernetes"],
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    @property
    def is_running(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End the process without a warning."""
        with self._lock:
            if self._process is not None:
                self._process.kill()
                self._process.wait(10)

    def stop(self) -> int:
        """End the process as the kubelet does; return its exit code."""
        with self._lock:
            assert self._process is not None
            if self._process.poll() is None:
                self._process.send_signal(signal.SIGTERM)
            return self._process.wait(20)

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def wait(self, seconds: float) -> int:
        """Wait until the process ends by itself; return its exit code."""
        assert self._process is not None
        return self._process.wait(seconds)

    @property
    def log(self) -> str:
        """What it has said so far."""
        return self.log_file.read_text(encoding="utf-8") if self.log_file.exists() else ""

    def rss(self) -> int:
        """Return its memory in bytes."""
        assert self._process is not None
        text = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii")
        return int(text.split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def scrape(self) -> str:
        """Return its metrics as Prometheus reads them."""
        with urllib.request.urlopen(
            f"http://{self.host}:{self.metrics}/metrics", timeout=5
        ) as text:
            return str(text.read().decode())

    def health(self) -> int:
        """Return the status code of its liveness probe."""
        try:
            url = f"http://{self.host}:{self.liveness}/healthz"
            with urllib.request.urlopen(url, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return int(error.code)


@contextlib.contextmanager
def started(operator: Operator, *, in_bad_weather: bool = False) -> Iterator[Operator]:
    """Run an operator, and see at its end that nothing went wrong in it.

    In bad weather kopf logs as errors what it tries again by itself.
    """
    operator.start()
    try:
        yield operator
    finally:
        operator.kill()
    complaints = ["Traceback", "inconsistencies", "never retrieved"]
    complaints += [] if in_bad_weather else ["ERROR"]
    lines = [line for line in operator.log.splitlines() if any(c in line for c in complaints)]
    assert not lines, "\n".join(lines) + "\n" + operator.log[-4000:]


def kubeconfig(path: Path, url: str, token: str) -> Path:
    """Write a kubeconfig for a server without TLS; return its path."""
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": url}}],
        "users": [{"name": "u", "user": {"token": token}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


def wait_until_serving(operator: Operator, seconds: float = 90) -> None:
    """Wait until the liveness probe answers: its watches are being opened by then."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            if operator.health() == 200:
                return
        assert operator.is_running, operator.log[-4000:]
        assert time.monotonic() < deadline, operator.log[-4000:]
        time.sleep(0.1)
