"""GPUs are asked for by the resource's own name, and not as a quota names it."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, text_at
from diptych.api.resources import QUOTA_PREFIX


def check(document: Document) -> Iterator[Finding]:
    """Yield a gpuResource that begins with requests., which no container may ask for."""
    name = text_at(document, "spec", "resources", "gpuResource") or ""
    if name.startswith(QUOTA_PREFIX):
        yield Finding(
            ("spec", "resources", "gpuResource"),
            f'must not begin with {QUOTA_PREFIX}, as only quotas name it; got "{name[:63]}"',
            f"write {name.removeprefix(QUOTA_PREFIX)[:63]}",
        )
