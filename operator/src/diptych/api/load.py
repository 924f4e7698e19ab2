"""From a file's text to a resource, or to everything that is wrong with it at once."""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Any

from diptych.api.base import API_VERSION, KIND
from diptych.api.problems import Finding, Path, Problem, spell
from diptych.api.resource import VersionComparison
from diptych.api.rules import RULES
from diptych.api.structure import MAX_FINDINGS, QUOTE, parse, shown
from diptych.api.tree import Node, TreeError, documents, nearest_node, plain, walk

#: Characters of a value that are shown.
MAX_SHOWN = 80


@dataclass(frozen=True)
class Loaded:
    """A resource, or the problems that are in its way; warnings are in nobody's way."""

    resource: VersionComparison | None
    problems: list[Problem]
    warnings: list[Problem]


def load_bytes(data: bytes, source: str) -> Loaded:
    """Read a file's bytes; what is not UTF-8 is a problem."""
    try:
        return load_text(data.decode("utf-8-sig"), source)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _refused(TreeError("the file is not UTF-8", line, "save it as UTF-8 text"), source)


def load_text(text: str, source: str) -> Loaded:
    """Read a YAML text with one VersionComparison; never raises, whatever the text is."""
    try:
        roots = documents(text.removeprefix("\ufeff"))
    except TreeError as error:
        return _refused(error, source)
    ours = [root for root in roots if _is_ours(root)]
    strangers = [root for root in roots if not _is_ours(root) and root.kind != "null"]
    if not ours and len(strangers) == 1:
        ours, strangers = strangers, []  # a mistyped kind is reported with everything else
    try:
        root = _only(ours)
    except TreeError as error:
        return _refused(error, source)
    document = {key: plain(value) for key, value in root.value.items()}
    loaded = _load(document, root, source)
    ignored = [_ignored(stranger, source) for stranger in strangers]
    return Loaded(loaded.resource, loaded.problems, [*ignored, *loaded.warnings])


def load_mapping(document: dict[str, Any], source: str) -> Loaded:
    """Check a resource that was parsed already, like one from the API server."""
    return _load(document, None, source)


def _only(roots: list[Node]) -> Node:
    if not roots:
        raise TreeError(f"there is no {KIND} in the file", None, f"add one, with kind: {KIND}")
    if len(roots) > 1:
        lines = ", ".join(str(root.line) for root in roots[:5])
        raise TreeError(
            f"there are {len(roots)} {KIND}s in the file (lines {lines})",
            roots[1].line,
            "keep one in a file",
        )
    if roots[0].kind != "mapping":
        raise TreeError(
            f"the file must hold a mapping, got {shown(plain(roots[0]))}",
            roots[0].line,
            f"begin with apiVersion: {API_VERSION}",
        )
    return roots[0]


def _is_ours(root: Node) -> bool:
    return root.kind == "mapping" and "kind" in root.value and root.value["kind"].value == KIND


def _ignored(root: Node, source: str) -> Problem:
    kind = root.value.get("kind") if root.kind == "mapping" else None
    what = "a document without kind" if kind is None else f"kind {kind.text[:60] or kind.kind}"
    message = f"{what} is ignored: only {KIND} is read"
    return Problem("", "", message, line=root.line, source=source)


def _load(document: dict[str, Any], root: Node | None, source: str) -> Loaded:
    resource, structural = parse(document)
    written = [] if root is None else _as_written(root)
    ruled = [finding for rule in RULES for finding in islice(rule(document), MAX_FINDINGS)]
    errors = _each_once(structural, [f for f in ruled if not f.warning], written)
    doubles = [] if root is None else _duplicate_keys(root)
    problems = [_problem(finding, document, root, source) for finding in errors]
    problems = sorted([*problems, *(_doubled(*d, source) for d in doubles)], key=_place)
    doubts = [f for f in ruled if f.warning and not _covered(f.path, structural)]
    warnings = [_problem(finding, document, root, source) for finding in doubts]
    return Loaded(None if problems else resource, problems[:MAX_FINDINGS], warnings)


def _each_once(
    structural: list[Finding], ruled: list[Finding], written: list[Finding]
) -> list[Finding]:
    """Return the findings without those that another one already tells.

    The models come first: what they refuse has no meaning that a rule could judge. That a
    fraction was not quoted comes last: it may not be what is wrong there.
    """
    kept = list(structural)
    kept += [finding for finding in ruled if not _covered(finding.path, structural)]
    return kept + [finding for finding in written if not _covered(finding.path, kept)]


def _covered(path: Path, findings: list[Finding]) -> bool:
    return any(finding.covers(path) for finding in findings)


def _as_written(root: Node) -> list[Finding]:
    """Return the fractions that were not quoted: YAML rounds them, 2.10 would become 2.1."""
    found = (
        Finding(path, f"got the number {node.text[:MAX_SHOWN]} as written", QUOTE)
        for path, node in walk(root)
        if node.kind == "float"
    )
    return list(islice(found, MAX_FINDINGS))


def _duplicate_keys(root: Node) -> list[tuple[str, int, int]]:
    found = []
    for path, node in walk(root):
        for key, line in node.duplicates:
            found.append((spell((*path, key)), node.value[key].line, line))
    return found


def _doubled(path: str, first: int, second: int, source: str) -> Problem:
    message = f"this key stands twice, on lines {first} and {second}"
    return Problem(path, "", message, "keep one of them", line=second, source=source)


def _problem(finding: Finding, document: dict[str, Any], root: Node | None, source: str) -> Problem:
    """Return a finding with its place: the line, and the value and the fix as written there."""
    line, value, fix = None, shown(_value(document, finding.path)), finding.fix
    if root is not None:
        node, exact = nearest_node(root, finding.path)
        line = node.line
        value = (node.text[:MAX_SHOWN] or value) if exact else ""
        if fix == QUOTE:
            fix = f'{QUOTE}: "{value}"'
    return Problem(
        path=spell(finding.path),
        value=value,
        message=finding.message,
        fix=fix,
        suggestion=finding.suggestion,
        line=line,
        source=source,
    )


def _value(value: object, path: Path) -> object:
    """Return the value at a path, or None when there is none."""
    for part in path:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and 0 <= part < len(value):
            value = value[part]
        else:
            return None
    return value


def _refused(error: TreeError, source: str) -> Loaded:
    problem = Problem("", "", error.message, error.fix, line=error.line, source=source)
    return Loaded(None, [problem], [])


def _place(problem: Problem) -> tuple[int, str]:
    """Return what problems are sorted by: the line, then the path with its numbers as numbers."""
    return (problem.line or 0, re.sub(r"[0-9]+", lambda digits: digits[0].zfill(8), problem.path))
