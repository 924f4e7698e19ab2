"""The ladder names each control once, and only controls that the workload supports."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, list_at
from diptych.api.rules.builtin import table_of
from diptych.api.rules.control import is_unsupported, unsupported
from diptych.api.rules.unique import repeated


def check(document: Document) -> Iterator[Finding]:
    """Yield every repeated or unsupported control of the ladder."""
    controls = list_at(document, "spec", "attribution", "controls")
    texts = [(place, text) for place, text in enumerate(controls) if isinstance(text, str)]
    duplicates = {place: first for place, _, first in repeated(texts)}
    workload = table_of(document)
    for place, control in texts:
        path = ("spec", "attribution", "controls", place)
        if place in duplicates:
            where = f"controls[{duplicates[place]}]"
            yield Finding(path, f'Duplicate value: "{control}" is {where} too', "remove it")
        elif workload is not None and is_unsupported(workload, control):
            yield unsupported(path, workload, control)
