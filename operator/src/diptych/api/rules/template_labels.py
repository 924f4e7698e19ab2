"""Labels by which Kubernetes, Kueue and Diptych know a pod are theirs to give."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, mapping_at
from diptych.api.template import QUEUE_LABEL, RESERVED_LABELS, RESERVED_PREFIXES

#: What to do instead of giving one.
_INSTEAD = {QUEUE_LABEL: "give the queue as spec.queueName"}


def check(document: Document) -> Iterator[Finding]:
    """Yield labels that the Job API refuses in a pod's template, or that would be lost."""
    where = ("spec", "template", "metadata", "labels")
    for name in mapping_at(document, *where):
        if name in RESERVED_LABELS or name.startswith(RESERVED_PREFIXES):
            yield Finding(
                (*where, name),
                f'"{name[:63]}" is reserved: Kubernetes or Diptych sets it',
                _INSTEAD.get(name, "remove it, or choose another name"),
            )
