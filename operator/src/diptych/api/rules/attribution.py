"""The ladder names each control once."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, list_at
from diptych.api.rules.unique import repeated


def check(document: Document) -> Iterator[Finding]:
    """Yield every repeated control of the ladder."""
    controls = list_at(document, "spec", "attribution", "controls")
    texts = [(place, text) for place, text in enumerate(controls) if isinstance(text, str)]
    for place, control, first in repeated(texts):
        path = ("spec", "attribution", "controls", place)
        yield Finding(path, f'Duplicate value: "{control}" is controls[{first}] too', "remove it")
