"""A YAML document as a tree that remembers where and how everything was written.

PyYAML's own constructors lose the line, turn 2.10 into 2.1 and expand aliases without end. This
reader takes the parser's events, which need no recursion, and bounds depth and size.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from diptych.api.problems import Path

MAX_BYTES = 1 << 20
MAX_DEPTH = 64
MAX_NODES = 50_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = {"", "~", "null", "Null", "NULL"}
#: Kubernetes reads YAML 1.1, where these words are booleans.
_TRUES = {f(word) for word in ("true", "yes", "on") for f in (str.lower, str.title, str.upper)}
_FALSES = {f(word) for word in ("false", "no", "off") for f in (str.lower, str.title, str.upper)}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9_]*)")
_ODD_INTEGER = re.compile(r"[-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+)")
_FLOAT = re.compile(
    r"[-+]?(\.[0-9][0-9_]*|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
_STRING_TAGS = {"!", "tag:yaml.org,2002:str"}


class TreeError(ValueError):
    """The text is not YAML that can be read; `line` is where."""

    def __init__(self, message: str, line: int | None, fix: str = "") -> None:
        """Take what is wrong, the line counted from 1, and what to do."""
        super().__init__(message)
        self.message = message
        self.line = line
        self.fix = fix


@dataclass
class Node:
    """A value and the place it was written at.

    `value` is None, a bool, an int, a str, a list of nodes or a dict of nodes; `text` is a
    scalar as written. A fraction has `kind` "float" and its text as the value: no field takes one.
    """

    kind: str
    line: int
    value: Any
    text: str = ""
    size: int = 1
    duplicates: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class _Open:
    """A list or mapping whose end has not been read yet."""

    node: Node
    anchor: str | None
    key: str | None = None


def documents(text: str) -> list[Node]:
    """Return the documents of a YAML text; raise TreeError when it is not YAML we read."""
    if len(text) > MAX_BYTES:
        raise TreeError(
            f"the file has {len(text)} characters; at most {MAX_BYTES} are read",
            None,
            "a comparison is a few kilobytes; move code into a ConfigMap and data into the store",
        )
    try:
        return _Reader().read(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        problem = error.problem or error.context or "cannot be read"
        raise TreeError(f"not YAML: {problem}", line, _syntax_fix(text, line)) from None
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        if isinstance(error, TreeError):
            raise
        reason = getattr(error, "reason", None) or "a character that is not allowed"
        raise TreeError(f"not YAML: {reason}", None, "save the file as UTF-8 text") from None


def plain(node: Node) -> object:
    """Return the tree as Python values, fractions as their text."""
    if node.kind == "list":
        return [plain(item) for item in node.value]
    if node.kind == "mapping":
        return {key: plain(value) for key, value in node.value.items()}
    return node.value


def nearest_node(root: Node, path: Path) -> tuple[Node, bool]:
    """Return the node at a path, or its last ancestor there is, and whether it is the node."""
    node = root
    for part in path:
        child = _child(node, part)
        if child is None:
            return node, False
        node = child
    return node, True


def walk(node: Node, path: Path = ()) -> list[tuple[Path, Node]]:
    """Return every node with its path, parents first."""
    found: list[tuple[Path, Node]] = [(path, node)]
    children: list[tuple[str | int, Node]] = []
    if node.kind == "list":
        children = list(enumerate(node.value))
    elif node.kind == "mapping":
        children = list(node.value.items())
    for part, child in children:
        found += walk(child, (*path, part))
    return found


def _child(node: Node, part: str | int) -> Node | None:
    if node.kind == "mapping" and isinstance(part, str):
        child: Node | None = node.value.get(part)
        return child
    if node.kind == "list" and isinstance(part, int) and 0 <= part < len(node.value):
        item: Node = node.value[part]
        return item
    return None


def _syntax_fix(text: str, line: int | None) -> str:
    lines = text.splitlines()
    if line is not None and line <= len(lines) and "\t" in lines[line - 1]:
        return "indent with spaces: YAML does not allow tabs"
    return "look at the indentation, quotes and brackets of this line and the one before"


class _Reader:
    """Builds trees from the parser's events."""

    def __init__(self) -> None:
        self.roots: list[Node] = []
        self.stack: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.nodes = 0

    def read(self, text: str) -> list[Node]:
        for event in yaml.parse(text, Loader=_LOADER):
            self.take(event)
        return self.roots

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.anchors = {}
        elif isinstance(event, yaml.AliasEvent):
            self.alias(event)
        elif isinstance(event, yaml.ScalarEvent):
            self.place(_scalar(event), event.anchor)
        elif isinstance(event, yaml.CollectionStartEvent):
            self.open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            opened = self.stack.pop()
            self.place(opened.node, opened.anchor)

    def alias(self, event: yaml.AliasEvent) -> None:
        line = _line(event)
        target = self.anchors.get(event.anchor or "")
        if target is None:
            raise TreeError(
                f"not YAML: the alias *{event.anchor} has no anchor &{event.anchor} before it", line
            )
        self.place(target, None, line=line)

    def open(self, event: yaml.CollectionStartEvent) -> None:
        line = _line(event)
        if len(self.stack) >= MAX_DEPTH:
            raise TreeError(f"nested deeper than {MAX_DEPTH} levels", line)
        _refuse_tag(event.tag if not event.implicit else None, line)
        is_list = isinstance(event, yaml.SequenceStartEvent)
        node = Node("list", line, []) if is_list else Node("mapping", line, {})
        self.stack.append(_Open(node, event.anchor))

    def place(self, node: Node, anchor: str | None, line: int | None = None) -> None:
        """Put a finished node where it belongs: a document, an item, a key or a value."""
        line = line or node.line
        if anchor is not None:
            self.anchors[anchor] = node
        if not self.stack:
            self.roots.append(node)
            return
        opened = self.stack[-1]
        opened.node.size += node.size
        if opened.node.size > MAX_NODES:
            raise TreeError(f"more than {MAX_NODES} values, aliases expanded", line)
        if opened.node.kind == "list":
            opened.node.value.append(node)
        elif opened.key is None:
            opened.key = _key(node, line)
        else:
            self.enter(opened, node, line)

    def enter(self, opened: _Open, node: Node, line: int) -> None:
        """Put a value under its key; of a key that stands twice the first value stays."""
        key = opened.key or ""
        opened.key = None
        if key in opened.node.value:
            opened.node.duplicates.append((key, line))
        else:
            opened.node.value[key] = node


def _line(event: yaml.Event) -> int:
    """Return the line an event begins at, counted from 1."""
    return 1 if event.start_mark is None else event.start_mark.line + 1


def _key(node: Node, line: int) -> str:
    if node.kind in ("list", "mapping"):
        raise TreeError("a key must be a name, not a list or a mapping", line)
    # The empty string is a key like any other; only None means that no key was read.
    return node.text


def _refuse_tag(tag: str | None, line: int) -> None:
    if tag is not None and tag not in _STRING_TAGS:
        raise TreeError(f"the tag {tag!r} is not understood", line, "remove the tag")


def _scalar(event: yaml.ScalarEvent) -> Node:
    line = _line(event)
    text = event.value
    if event.implicit[0]:
        return _plain_scalar(text, line)
    if not event.implicit[1]:
        _refuse_tag(event.tag, line)
    text.encode("utf-8")  # a lone surrogate, written as an escape, is refused here
    return Node("text", line, text, text)


def _plain_scalar(text: str, line: int) -> Node:
    if text in _NULLS:
        return Node("null", line, None, text)
    if text in _TRUES or text in _FALSES:
        return Node("bool", line, text in _TRUES, text)
    if _INTEGER.fullmatch(text) and len(text) <= 40:
        return Node("integer", line, int(text.replace("_", "")), text)
    if _ODD_INTEGER.fullmatch(text) and len(text) <= 40:
        return Node("integer", line, _odd_integer(text), text)
    if _FLOAT.fullmatch(text):
        return Node("float", line, text, text)
    return Node("text", line, text, text)


def _odd_integer(text: str) -> int:
    digits = text.replace("_", "")
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    if digits[1:2] in ("x", "b", "o"):
        return sign * int(digits, 0)
    return sign * int(digits, 8)
