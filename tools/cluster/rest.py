"""As much of the API as starting a cluster takes: is it ready, and the few objects it begins with.

Tests and users have kubectl and a real client.
"""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.cluster.errors import ClusterError

_TIMEOUT = 10.0


class Rest:
    """One API server, asked as one user, past any proxy of the environment."""

    def __init__(self, url: str, authority: Path, token: str) -> None:
        """Take where, whose signature to trust, and who to be."""
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(authority))),
        )

    def answers(self, path: str) -> bool:
        """Tell whether a path is served and the answer is a good one."""
        try:
            with self._open("GET", path):
                return True
        except OSError:
            return False

    def get(self, path: str) -> Any:  # noqa: ANN401 - whatever lies there
        """Return the object at a path."""
        return self._object("GET", path)

    def create(self, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401
        """Make an object in a collection."""
        return self._object("POST", path, body)

    def merge(self, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401
        """Change an object by a merge patch."""
        return self._object("PATCH", path, body, "application/merge-patch+json")

    def _object(
        self, verb: str, path: str, body: object = None, kind: str = "application/json"
    ) -> Any:  # noqa: ANN401
        try:
            with self._open(verb, path, body, kind) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            told = error.read().decode("utf-8", "replace")
            raise ClusterError(f"{verb} {path}: {error.code} {told[-600:]}") from error
        except OSError as error:
            raise ClusterError(f"{verb} {path}: {error}") from error

    def _open(self, verb: str, path: str, body: object = None, kind: str = "") -> Any:  # noqa: ANN401
        data = None if body is None else json.dumps(body).encode()
        headers = self._headers | ({"Content-Type": kind} if data is not None else {})
        request = urllib.request.Request(self._url + path, data, headers, method=verb)  # noqa: S310
        return self._opener.open(request, timeout=_TIMEOUT)
