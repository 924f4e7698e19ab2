"""Which rows of the table apply between two versions."""

import re

import pytest

from diptych_analysis.known import changes, known_changes
from diptych_analysis.known.changes import fit_of, touched
from diptych_analysis.known.uses import Uses
from diptych_analysis.why import Gone, Why
from diptych_runner.contract import defaults
from diptych_runner.contract.names import ASPECTS
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
        "keras-epsilon",
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


def test_every_default_that_the_table_of_defaults_tells_otherwise_has_a_row() -> None:
    older, newer = (defaults.table("tensorflow")[version] for version in ("1.4.0", "1.15.5"))
    rows = {"epsilon": "keras-epsilon", "learningRate": "keras-default-rates"}
    seen = set()
    for name, own in older.items():
        optimizer = "optimizer:" + name.rpartition(".")[2]
        for parameter, row in rows.items():
            value = own.get(parameter)
            if ".keras." in name and value and newer[name].get(parameter) != value:
                assert row in told("1.4.0", "1.15.5", optimizer), (name, parameter)
                seen.add(optimizer)
    assert "optimizer:Adadelta" in seen


@pytest.mark.parametrize(
    ("versions", "row", "used"),
    [
        (("1.4.0", "1.15.5"), "bfloat16-product", "bfloat16"),
        (("1.4.0", "1.15.5"), "cosine-sign", "cosineSimilarity"),
        (("1.4.0", "1.15.5"), "tile-gradient", "tile"),
        (("2.1.0", "2.4.0"), "embedding-float16", "mixedPrecision"),
        (("2.1.0", "2.4.0"), "data-reorder", "tfData"),
        (("2.1.0", "2.4.0"), "quantize-gradient", "quantize"),
        (("2.4.0", "2.8.4"), "while-loop-parallel", "controlFlow"),
        (("2.4.0", "2.8.4"), "data-determinism", "tfData"),
    ],
)
def test_what_code_of_ones_own_alone_may_use_is_listed_for_it_alone(
    versions: tuple[str, str], row: str, used: str
) -> None:
    assert row in told(*versions, used)
    own = known_changes("tensorflow", *versions, Uses(frozenset({"module"}), whole=False))
    # What the code uses no record tells.
    assert [change.certain for change in own if change.id == row] == [False]
    assert row not in told(*versions, "keras", "cpu", "gpu", "initialWeights", "masks", "random")


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


INIT, ORDER, MASKS = "initialWeights", "batchOrder", "masks"


@pytest.mark.parametrize(
    ("moves", "ruled_out", "left", "fit"),
    [
        ({INIT}, set(), "nothing", "Fits"),
        ({INIT, MASKS}, set(), "nothing", "Fits"),
        ({"numerics"}, set(), "nothing", "DoesNotFit"),
        (set(), set(), "nothing", "DoesNotFit"),  # no control holds it equal: it was at work
        ({"numerics"}, set(), "something", "Open"),
        (set(), set(), "something", "Open"),
        ({INIT}, {INIT}, "unknown", "DoesNotFit"),
        ({INIT, "other"}, {INIT}, "unknown", "Open"),
        ({INIT}, set(), "unknown", "Open"),
        (set(), {INIT}, "unknown", "Open"),
    ],
)
def test_a_change_fits_what_went_away_or_not(
    moves: set[str], ruled_out: set[str], left: str, fit: str
) -> None:
    gone = Gone(frozenset({INIT, ORDER}), frozenset({INIT, ORDER}), is_whole=left == "nothing")
    found = Why("", ruled_out=frozenset(ruled_out), gone=None if left == "unknown" else gone)
    assert fit_of(frozenset(moves), found) == fit
    assert fit_of(frozenset(moves), None) == "Open"


def test_the_quickstarts_changes_are_told_apart() -> None:
    uses = Uses(frozenset({INIT, ORDER, MASKS, "random", "cpu", "keras"}), whole=True)
    drawn = frozenset({INIT, ORDER})
    found = Why("", gone=Gone(drawn, drawn, is_whole=True))
    fits = {c.id: c.fit for c in known_changes("tensorflow", "2.4.0", "2.13.1", uses, found)}
    assert {name for name, fit in fits.items() if fit == "Fits"} == {
        "initialiser-each-call",
        "keras-generator",
        "stateless-initialisers",
    }
    assert fits["onednn"] == "DoesNotFit"
    assert "Open" not in fits.values()


@pytest.mark.parametrize("framework", ["tensorflow", "pytorch"])
def test_what_names_a_control_says_what_it_moves(framework: str) -> None:
    for row in changes.rows(framework):
        assert {*row["moves"]} <= {*ASPECTS, "other"}, row["id"]
        if "control" in (row["knob"] or ""):
            assert row["moves"], row["id"]
