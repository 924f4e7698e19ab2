"""Who asks for a certain GPU asks for a GPU."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, integer_at, text_at


def check(document: Document) -> Iterator[Finding]:
    """Yield accelerator Required, and gpuProduct, where gpus is 0."""
    gpus = integer_at(document, "spec", "resources", "gpus", default=0)
    if gpus != 0:
        return
    for name in ("accelerator", "gpuProduct"):
        value = text_at(document, "spec", "resources", name)
        if value == "Required" or (name == "gpuProduct" and value is not None):
            yield Finding(
                ("spec", "resources", name),
                f"{value[:63]} needs gpus of at least 1, and gpus is 0",
                f"add gpus: 1, or remove {name}",
            )
