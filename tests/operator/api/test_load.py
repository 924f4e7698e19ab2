"""The loader as a whole: everything at once, each once, and never an exception."""

import random
import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diptych.api.load import Loaded, load_bytes, load_mapping, load_text

SMALL = """\
apiVersion: diptych.dev/v1alpha1
kind: VersionComparison
metadata: {name: small}
spec:
  versions: [{name: "2.1.0"}, {name: "2.4.0"}]
  workload: {builtin: adam-linear-regression}
"""


def replaced(old: str, new: str) -> Loaded:
    assert old in SMALL
    return load_text(SMALL.replace(old, new), "small.yaml")


def paths(loaded: Loaded) -> list[str]:
    return [problem.path for problem in loaded.problems]


def test_a_file_with_every_field_is_accepted(full_text: str) -> None:
    loaded = load_text(full_text, "full.yaml")
    assert [str(problem) for problem in loaded.problems] == []
    assert loaded.warnings == []
    assert loaded.resource is not None
    assert loaded.resource.spec.versions[2].framework_version == "2.4.0"


def test_a_resource_read_from_its_own_json_is_the_same(full_text: str) -> None:
    resource = load_text(full_text, "full.yaml").resource
    assert resource is not None
    again = load_mapping(resource.model_dump(mode="json", exclude_none=True), "again")
    assert again.resource == resource


def test_ten_mistakes_are_told_at_once_and_each_once() -> None:
    text = """\
apiVersion: diptych.dev/v1alpha1
kind: VersionComparison
metadata:
  name: Not_a_label
spec:
  versions:
    - {name: "2.1.0", imagee: x}
    - name: "2.1.0"
    - name: "2.4.0"
  baseline: "2.4.1"
  workload:
    builtin: adam-linear-regresion
  seeds: {first: -1, values: [1, 1]}
  noiseFloor: {repeat: 2}
  parallelism: 2
  resources: {cpu: 4}
  suspend: maybe
"""
    loaded = load_text(text, "ten.yaml")
    assert loaded.resource is None
    assert [(problem.line, problem.path) for problem in loaded.problems] == [
        (4, "metadata.name"),
        (7, "spec.versions[0].imagee"),
        (8, "spec.versions[1].name"),
        (10, "spec.baseline"),
        (12, "spec.workload.builtin"),
        (13, "spec.seeds.first"),
        (13, "spec.seeds.values"),
        (13, "spec.seeds.values[1]"),
        (14, "spec.noiseFloor.repeat"),
        (15, "spec.parallelism"),
        (16, "spec.resources.cpu"),
        (17, "spec.suspend"),
    ]


def test_one_version_is_said_in_words() -> None:
    [problem] = replaced('[{name: "2.1.0"}, {name: "2.4.0"}]', '[{name: "2.1.0"}]').problems
    assert str(problem) == (
        "small.yaml:5: spec.versions: a comparison needs at least 2 versions, got 1; add more"
    )


@pytest.mark.parametrize("number", ["2.10", "2.1", "1e3", "2."])
def test_an_unquoted_version_is_shown_as_written(number: str) -> None:
    [problem] = replaced('"2.1.0"', number).problems
    assert problem.path == "spec.versions[0].name"
    assert problem.value == number
    assert problem.message == f"got the number {number} as written"
    assert problem.fix == f'quote it: "{number}"'


def test_a_fraction_where_a_whole_number_belongs_is_not_to_be_quoted() -> None:
    [problem] = replaced("spec:\n", "spec:\n  trialsPerPod: 4.5\n").problems
    assert problem.path == "spec.trialsPerPod"
    assert "whole number" in problem.message
    assert problem.fix != 'quote it: "4.5"'


def test_a_name_that_is_a_number_is_to_be_quoted() -> None:
    [problem] = replaced("{name: small}", "{name: 2024}").problems
    assert (problem.path, problem.fix) == ("metadata.name", 'quote it: "2024"')


def test_a_boolean_of_yaml_is_quoted_as_it_was_written() -> None:
    [problem] = replaced(
        '{name: "2.4.0"}', '{name: "2.4.0", env: [{name: A, value: yes}]}'
    ).problems
    assert problem.path == "spec.versions[1].env[0].value"
    assert (problem.value, problem.fix) == ("yes", 'quote it: "yes"')


def test_problems_of_a_line_are_in_the_order_of_their_numbers() -> None:
    loaded = replaced("spec:\n", f"spec:\n  seeds: {{values: {[-1] * 11}}}\n")
    assert paths(loaded)[:2] == ["spec.seeds.values[0]", "spec.seeds.values[1]"]
    assert paths(loaded)[-1] == "spec.seeds.values[10]"


def test_a_key_that_stands_twice_is_a_problem_with_both_lines() -> None:
    [problem] = replaced("spec:\n", "spec:\n  control: Native\n  control: SharedInit\n").problems
    assert problem.path == "spec.control"
    assert problem.message == "this key stands twice, on lines 5 and 6"


def test_mistyped_names_are_told_with_the_nearest() -> None:
    [field] = replaced("spec:\n", "spec:\n  trialsPerPods: 3\n").problems
    [kind] = replaced("VersionComparison", "VersionComparision").problems
    [version] = replaced("v1alpha1", "v1alpha").problems
    assert (field.path, field.suggestion) == ("spec.trialsPerPods", "trialsPerPod")
    assert (kind.path, kind.suggestion) == ("kind", "VersionComparison")
    assert (version.path, version.suggestion) == ("apiVersion", "diptych.dev/v1alpha1")


def test_python_names_are_not_yaml_names() -> None:
    [problem] = replaced("spec:\n", "spec:\n  trials_per_pod: 3\n").problems
    assert (problem.path, problem.suggestion) == ("spec.trials_per_pod", "trialsPerPod")


def test_reserved_fields_say_so() -> None:
    [problem] = replaced("spec:\n", "spec:\n  seeds: {maximum: 30}\n").problems
    assert problem.message == "is reserved for adaptive seeds and not supported yet"


def test_a_name_of_40_characters_is_the_longest() -> None:
    assert replaced("small", "a" * 40).problems == []
    [problem] = replaced("small", "a" * 41).problems
    assert "at most 40 characters, got 41: child Job names" in problem.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is no VersionComparison"),
        ("# nothing\n---\n", "there is no VersionComparison"),
        ("- a\n- b\n", "must hold a mapping, got a list of 2"),
        ("just text", "must hold a mapping"),
        (SMALL + "---\n" + SMALL, "there are 2 VersionComparisons in the file (lines 1, 8)"),
        ("a: [", "not YAML"),
    ],
)
def test_a_file_without_one_comparison_is_one_problem(text: str, message: str) -> None:
    loaded = load_text(text, "odd.yaml")
    assert loaded.resource is None
    [problem] = loaded.problems
    assert message in problem.message


def test_other_kinds_are_ignored_with_a_warning() -> None:
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: code}\n---\n"
    loaded = load_text(other + SMALL, "two.yaml")
    assert loaded.resource is not None
    [warning] = loaded.warnings
    assert (warning.line, warning.message) == (
        1,
        "kind ConfigMap is ignored: only VersionComparison is read",
    )


def test_bytes_are_utf8_with_or_without_a_mark() -> None:
    assert load_bytes(b"\xef\xbb\xbf" + SMALL.encode(), "bom.yaml").resource is not None
    [problem] = load_bytes(SMALL.encode() + b"# \xff\n", "latin.yaml").problems
    assert (problem.line, problem.message) == (7, "the file is not UTF-8")


def test_a_wrong_part_is_told_and_nothing_below_it() -> None:
    assert paths(replaced("spec:\n", "spec:\n  seeds: [1, 2.5]\n")) == ["spec.seeds"]
    assert paths(load_text(SMALL.split("spec:", maxsplit=1)[0] + "spec: 3\n", "x")) == ["spec"]


def test_a_hostile_file_is_answered_in_seconds() -> None:
    rows = ", ".join("{nam: 2.5}" for _ in range(16_000))
    start = time.monotonic()
    loaded = replaced('{name: "2.4.0"}', rows)
    assert 0 < len(loaded.problems) <= 200
    assert time.monotonic() - start < 20


@st.composite
def edited(draw: st.DrawFn, text: str = SMALL) -> str:
    """Return a valid file with random edits: pieces cut out, doubled, swapped or replaced."""
    rng = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311
    pieces = re.split(r"(\s+|[\[\]{},:\"])", text)
    alien = ["", "2.10", "[", "}", "&a", "*a", "!!int", "~", "- ", "\t", "'", "\u2028", "1" * 50]
    for _ in range(draw(st.integers(1, 6))):
        place = rng.randrange(len(pieces))
        pieces[place] = rng.choice([*alien, rng.choice(pieces), pieces[place] * 2])
    return "".join(pieces)


def agrees(loaded: Loaded) -> bool:
    """Return whether there is a resource or a problem, not both, and no problem twice."""
    lines = [str(problem) for problem in loaded.problems]
    return (loaded.resource is None) == bool(lines) and len(set(lines)) == len(lines)


@given(edited())
@settings(max_examples=300, deadline=None)
def test_no_edit_of_a_valid_file_raises(text: str) -> None:
    assert agrees(load_text(text, "edited.yaml"))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_edit_of_a_full_file_raises(full_text: str, data: st.DataObject) -> None:
    assert agrees(load_text(data.draw(edited(text=full_text)), "edited.yaml"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda child: st.lists(child, max_size=3) | st.dictionaries(st.text(max_size=8), child),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        "versions", "baseline", "workload", "seeds", "control", "attribution", "noiseFloor",
        "sweep", "resources", "parallelism", "template", "storage", "checkpoints", "analysis",
        "failurePolicy", "framework",
    ]
)  # fmt: skip


@given(FIELDS, JSON)
@settings(max_examples=300, deadline=None)
def test_no_value_of_a_field_raises(
    check: Callable[..., Loaded], field: str, value: object
) -> None:
    assert agrees(check(**{field: value}))


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_text_raises(text: str) -> None:
    assert agrees(load_text(text, "random.yaml"))
