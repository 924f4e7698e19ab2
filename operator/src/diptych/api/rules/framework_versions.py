"""A version is one we know an environment for, or one whose image somebody made."""

import re
from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, at, list_at, text_at
from diptych.api.rules.builtin import framework_of
from diptych_runner.contract import tables


def check(document: Document) -> Iterator[Finding]:
    """Yield names that stand for a version and cannot be one, and warn of unknown versions."""
    known = [row.version for row in tables.environments(framework_of(document))]
    for path, version, entry in versions_of(document):
        if version in known:
            continue
        if not version[0].isdigit():
            yield _not_a_version(path, version, given=path[-1] == "version")
        elif at(entry, "image") is None:
            yield Finding(
                path,
                f'version "{version}" has no environment; known: {", ".join(known)}',
                "give an image, or take a known version",
                nearest_version(version, known),
                warning=True,
            )


def versions_of(document: Document) -> Iterator[tuple[tuple[str | int, ...], str, object]]:
    """Yield where each version is written, what stands there, and its entry.

    That is `version`, or where it is left out the name; it need not be a version.
    """
    for place, entry in enumerate(list_at(document, "spec", "versions")):
        given = "version" if at(entry, "version") is not None else "name"
        version = text_at(entry, given)
        if version:
            yield ("spec", "versions", place, given), version, entry


def without_image(framework: str, version: str) -> str | None:
    """Return why a version has no image by default, and what to do; None where one is made."""
    known = [row.version for row in tables.environments(framework)]
    if version in known:
        return None
    return (
        f"images are made by default of {', '.join(known)}, not of {framework} {version}; name an "
        f"image with this version and the runner, or take {nearest_version(version, known)}"
    )


def nearest_version(version: str, known: list[str]) -> str | None:
    """Return the known version that is nearest: a major counts a thousand minors.

    >>> [nearest_version(each, ["2.1.0", "2.4.0", "2.13.1"]) for each in ("2.10", "3.0", "1.0")]
    ['2.13.1', '2.13.1', '2.1.0']
    """

    def place(text: str) -> float:
        major, minor, patch = _numbers(text)
        return 1000 * major + minor + patch / 1000

    return min(known, key=lambda each: abs(place(each) - place(version)), default=None)


def _numbers(version: str) -> list[int]:
    """Return the first three numbers of a version, missing ones as 0."""
    numbers = [int(part[:9]) for part in re.findall(r"[0-9]+", version)[:3]]
    return numbers + [0] * (3 - len(numbers))


def _not_a_version(path: tuple[str | int, ...], version: str, *, given: bool) -> Finding:
    if given:
        return Finding(path, f'"{version[:40]}" is not a version', 'write it like "2.4.0"')
    return Finding(
        path,
        f'version is left out and the name "{version[:40]}" is not one',
        'add version, like version: "2.4.0"',
    )
