"""A control that holds no more equal than a weaker one is worth a doubt: what is it for?"""

from collections.abc import Iterator

from diptych.api.ladder import aspects_of
from diptych.api.problems import Finding
from diptych.api.raw import Document, list_at, mapping_at, text_at
from diptych_runner.contract import names
from diptych_runner.contract.plan import effective_aspects


def check(document: Document) -> Iterator[Finding]:
    """Warn of a control that changes nothing for the workload and its parameters."""
    control = text_at(document, "spec", "control")
    builtin = text_at(document, "spec", "workload", "builtin")
    if control not in names.CONTROLS or builtin is None:
        return
    aspects = _aspects(document, builtin)
    held = effective_aspects(control, aspects)
    same = next(each for each in names.CONTROLS if effective_aspects(each, aspects) == held)
    if same != control:
        yield Finding(
            ("spec", "control"),
            f"{control} changes nothing here: {builtin} with these parameters has no more to hold "
            f"equal than {same} does",
            f"write {same}, which says what is held equal",
            warning=True,
        )


def _aspects(document: Document, builtin: str) -> list[str]:
    """Return what can be held equal, in any setting of the sweep."""
    given = mapping_at(document, "spec", "workload", "parameters")
    found = set(aspects_of(builtin, given))
    for entry in list_at(document, "spec", "sweep"):
        for value in list_at(entry, "values"):
            found |= set(aspects_of(builtin, {**given, text_at(entry, "parameter") or "": value}))
    return sorted(found)
