"""Which rows of the table apply between two versions."""

import re

import pytest

from diptych_analysis.known import known_changes
from diptych_analysis.known.changes import touched
from diptych_analysis.known.uses import Uses
from diptych_runner.contract.versions import numbers

EVERYTHING = Uses(frozenset(touched("tensorflow")), whole=True)


def told(baseline: str, candidate: str, *names: str, framework: str = "tensorflow") -> list[str]:
    uses = Uses(frozenset(names), whole=True) if names else EVERYTHING
    return [change.id for change in known_changes(framework, baseline, candidate, uses)]


def test_a_change_applies_between_its_versions_and_either_way() -> None:
    assert "string-accuracy" in told("2.1.0", "2.4.0")
    assert told("2.4.0", "2.1.0") == told("2.1.0", "2.4.0")
    assert "string-accuracy" not in told("2.2.0", "2.4.0")
    assert "string-accuracy" not in told("1.15.5", "2.1.0")
    assert "string-accuracy" in told("2.1.0", "2.2.0")


def test_only_what_the_workload_uses_is_listed() -> None:
    assert told("2.1.0", "2.4.0", "gpu") == ["tf32", "cuda-11"]
    assert told("1.4.0", "1.15.5", "optimizer:Adadelta") == [
        "adadelta-mended",
        "keras-default-rates",
    ]
    assert told("2.1.0", "2.4.0", "nothing-like-it") == []


@pytest.mark.parametrize(
    ("versions", "applies"),
    [
        (("1.4.0", "2.1.0"), True),
        (("1.4.0", "1.15.5"), True),
        (("1.4.0", "1.12.0"), True),
        (("1.15.5", "2.1.0"), False),
        (("2.1.0", "2.4.0"), False),
        (("1.2.1", "1.4.0"), False),
    ],
)
def test_a_change_known_within_bounds_applies_wherever_it_may_lie(
    versions: tuple[str, str],
    applies: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    assert ("keras-epsilon" in told(*versions)) is applies


def test_the_same_version_has_no_changes() -> None:
    assert told("2.4.0", "2.4.0") == []


def test_each_framework_has_rows_of_its_own() -> None:
    assert told("1.11.0", "1.12.1", "gpu", framework="pytorch") == ["tf32-off"]
    assert told("1.11.0", "1.12.1", "cpu", framework="pytorch") == []
    assert told("1.11.0", "1.12.1", framework="caffe") == []


def test_batch_normalisation_changed_with_keras_3() -> None:
    assert told("2.15.1", "2.16.2", "batchNormalization") == ["keras-3-moving-variance"]


@pytest.mark.parametrize("framework", ["tensorflow", "pytorch"])
def test_the_table_is_in_order_and_says_where_each_row_comes_from(framework: str) -> None:
    everything = Uses(frozenset(touched(framework)), whole=True)
    rows = known_changes(framework, "0.1", "99.0", everything)
    assert len(rows) > (50 if framework == "tensorflow" else 0)
    assert len({row.id for row in rows}) == len(rows)
    assert [numbers(row.version) for row in rows] == sorted(numbers(row.version) for row in rows)
    for row in rows:
        assert re.match(r"https://|measured|jobimage/|tests/", row.source), row.id
        assert row.effect.endswith("."), row.id
        assert "cause" not in row.effect, row.id
