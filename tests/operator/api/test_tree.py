import time

import pytest

from diptych.api.tree import MAX_DEPTH, Node, TreeError, documents, plain, walk


def only(text: str) -> Node:
    [root] = documents(text)
    return root


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2.10", "2.10"),
        (".5", ".5"),
        ("1e3", "1e3"),
        ("1_000.5", "1_000.5"),
        (".inf", ".inf"),
        (".nan", ".nan"),
    ],
)
def test_a_fraction_stays_as_it_was_written(text: str, value: str) -> None:
    node = only(text)
    assert (node.kind, node.value) == ("float", value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("-3", -3), ("+4", 4), ("1_000", 1000), ("0x1F", 31), ("010", 8), ("0b11", 3)],
)
def test_whole_numbers_are_read_as_kubernetes_reads_them(text: str, value: int) -> None:
    node = only(text)
    assert (node.kind, node.value) == ("integer", value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("Off", False),
        ("TRUE", True),
        ("~", None),
        ("null", None),
        ("'yes'", "yes"),
        ('"12"', "12"),
        ("!!str 12", "12"),
        ("2.4.0", "2.4.0"),
        ("1:30", "1:30"),
        ("2026-01-01", "2026-01-01"),
        ("0x", "0x"),
    ],
)
def test_other_scalars_are_booleans_nothing_or_text(text: str, value: object) -> None:
    assert plain(only(text)) == value


def test_every_node_knows_its_line() -> None:
    root = only("a:\n  - b: 1\n  -\n    c: 2\n")
    lines = {path: node.line for path, node in walk(root)}
    assert lines["a", 0, "b"] == 2
    assert lines["a", 1, "c"] == 4


def test_an_alias_stands_for_its_anchor() -> None:
    assert plain(only("a: &x [1, 2]\nb: *x\n")) == {"a": [1, 2], "b": [1, 2]}


def test_an_alias_bomb_is_refused_at_once() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    start = time.monotonic()
    with pytest.raises(TreeError, match="aliases expanded"):
        documents("\n".join(rows))
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: *b", "no anchor"),
        ("&a [*a]", "no anchor"),
        ("[" * (MAX_DEPTH + 1), "nested deeper"),
        ("{" * 100_000, "nested deeper"),
        ("? [a]\n: b", "a key must be a name"),
        ("a: !!python/object:os.system x", "tag"),
        ("a: !thing {b: c}", "tag"),
        ("a: [1", "not YAML"),
        ("a: \x00", "not YAML"),
        ('a: "\\ud800"', "not YAML"),
        ("a: \ud800", "not YAML"),
        ("x" * (2 << 20), "at most 1048576"),
        ("[" + "1," * 60_000 + "]", "more than 50000 values"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, message: str) -> None:
    with pytest.raises(TreeError, match=message):
        documents(text)


def test_a_tab_is_told_with_its_line() -> None:
    with pytest.raises(TreeError) as caught:
        documents("a:\n\tb: 1\n")
    assert caught.value.line == 2
    assert "spaces" in caught.value.fix


def test_of_a_key_that_stands_twice_the_first_value_stays() -> None:
    root = only("a: 1\nb: 2\na: 3\n")
    assert plain(root) == {"a": 1, "b": 2}
    assert root.duplicates == [("a", 3)]
