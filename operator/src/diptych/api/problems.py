"""What is wrong with a file, in the words its author needs: path, value, bound, fix."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One mistake (or, among warnings, one doubt) in a file.

    `value` is as written; `message` says the bound, `fix` what to do, `suggestion` the name that
    was probably meant, `line` where it stands, counted from 1.
    """

    path: str
    value: str
    message: str
    fix: str = ""
    suggestion: str | None = None
    line: int | None = None
    source: str = ""

    def render(self) -> str:
        """Return the problem as one line: where, what, the bound, the fix."""
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        head = ": ".join(part for part in (place.strip(":"), self.path, self.message) if part)
        if self.suggestion is not None:
            head += f" (did you mean {self.suggestion!r}?)"
        return f"{head}; {self.fix}" if self.fix else head

    def __str__(self) -> str:
        """Return what `render` returns."""
        return self.render()


@dataclass(frozen=True)
class Finding:
    """What a rule found: a Problem before its place in the file is known.

    `deep` says that nothing below the path has a meaning any more, so nothing is told of it.
    """

    path: Path
    message: str
    fix: str = ""
    suggestion: str | None = None
    warning: bool = False
    deep: bool = False

    def covers(self, path: Path) -> bool:
        """Return whether a finding at `path` would tell this mistake again."""
        return path == self.path or (self.deep and path[: len(self.path)] == self.path)


def spell(path: Path) -> str:
    """Return a path as people write it.

    >>> spell(("spec", "versions", 1, "name"))
    'spec.versions[1].name'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` is probably a mistyping of.

    >>> nearest("repeat", ["seeds", "repeats"])
    'repeats'
    """
    candidates = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name[:80].lower(), candidates, n=1, cutoff=0.6)
    return candidates[close[0]] if close else None
