"""The API server as the reconciler sees it, in a dictionary: versions, conflicts, and cuts.

It plays no controller: tests say what becomes of Jobs. `cut` decides about each write whether the
client hears of it: before the server does, after, or never.
"""

import copy
import itertools
import re
from collections.abc import Callable
from typing import Any

from diptych.kubernetes.api import Answer, Unreachable

Body = dict[str, Any]
Cut = Callable[[str], str | None]


class FakeApi:
    """Objects by path."""

    def __init__(self, cut: Cut = lambda _what: None) -> None:
        self.objects: dict[str, Body] = {}
        self.writes: list[str] = []
        self.propagations: list[str] = []
        self.cut = cut
        self._numbers = itertools.count(100)

    def put(self, path: str, body: Body) -> None:
        """Set an object as a user or a controller does."""
        stored = copy.deepcopy(body)
        stored["metadata"]["resourceVersion"] = str(next(self._numbers))
        stored["metadata"].setdefault("uid", f"uid-{path.rpartition('/')[2]}")
        self.objects[path] = stored

    async def get(self, path: str) -> Body | None:
        return copy.deepcopy(self.objects.get(path))

    async def list(self, path: str, *, limit: int | None = None, **selectors: str) -> list[Body]:
        wanted = _labels(selectors.get("labelSelector", ""))
        found = [
            copy.deepcopy(body)
            for place, body in sorted(self.objects.items())
            if place.rpartition("/")[0] == path
            and all(body["metadata"].get("labels", {}).get(k) in v for k, v in wanted.items())
        ]
        field = selectors.get("fieldSelector", "")
        over = re.findall(r"status\.phase!=(\w+)", field)
        found = [body for body in found if not over or body["status"]["phase"] not in over]
        phase = re.search(r"status\.phase=(\w+)", field)
        if phase is not None:
            found = [body for body in found if body["status"]["phase"] == phase[1]]
        placed = re.search(r"spec\.nodeName(!?)=(?:,|$)", field)
        if placed is not None:
            found = [b for b in found if bool(b["spec"].get("nodeName")) == (placed[1] == "!")]
        return found[:limit]

    async def create(self, path: str, body: Body) -> Answer:
        def write() -> Answer:
            place = f"{path}/{body['metadata']['name']}"
            if place in self.objects:
                return Answer(409, {"message": "already exists"})
            self.put(place, body)
            return Answer(201, self.objects[place])

        return self._write(f"create {body['kind']} {body['metadata']['name']}", write)

    async def patch(self, path: str, body: Body) -> Answer:
        def write() -> Answer:
            place = path.removesuffix("/status")
            stored = self.objects.get(place)
            if stored is None:
                return Answer(404, {})
            if stored["metadata"]["resourceVersion"] != body["metadata"]["resourceVersion"]:
                return Answer(409, {"message": "changed"})
            merged = copy.deepcopy(stored)
            merged["status"] = _merged(stored.get("status", {}), body["status"])
            self.put(place, merged)
            return Answer(200, self.objects[place])

        return self._write("patch status", write)

    async def delete(
        self, path: str, uid: str, version: str | None = None, *, propagation: str = "Background"
    ) -> Answer:
        def write() -> Answer:
            stored = self.objects.get(path)
            if stored is None:
                return Answer(404, {})
            known = version in (None, stored["metadata"]["resourceVersion"])
            if stored["metadata"]["uid"] != uid or not known:
                return Answer(409, {})
            del self.objects[path]
            self.propagations.append(propagation)
            return Answer(200, {})

        return self._write(f"delete {path.rpartition('/')[2]}", write)

    def _write(self, what: str, write: Callable[[], Answer]) -> Answer:
        fate = self.cut(what)
        if fate == "before":
            raise Unreachable(f"{what}: cut before")
        self.writes.append(what)
        answer = write()
        if fate == "after":
            raise Unreachable(f"{what}: cut after")
        return answer


def _labels(selector: str) -> dict[str, list[str]]:
    """Return the values that a selector lets a label have: `a=b,c in (d,e)`."""
    found = re.findall(r"([^,= ]+)(?:=([^,]*)| in \(([^)]*)\))", selector)
    return {key: [value] if value else many.split(",") for key, value, many in found}


def _merged(old: Body, patch: Body) -> Body:
    merged = copy.deepcopy(old)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _merged(merged[key], value)
        else:
            merged[key] = copy.deepcopy(value)
    return merged
