"""Steps between checkpoints mean something only where checkpoints between the ends are kept."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, at, text_at


def check(document: Document) -> Iterator[Finding]:
    """Yield everySteps together with keep Ends."""
    keep = text_at(document, "spec", "checkpoints", "keep")
    every = at(document, "spec", "checkpoints", "everySteps")
    if keep == "Ends" and every is not None:
        yield Finding(
            ("spec", "checkpoints", "everySteps"),
            "everySteps needs keep: All; keep: Ends keeps the first and the last checkpoint only",
            "remove everySteps, or write keep: All",
        )
