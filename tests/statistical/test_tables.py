"""What docs/calibration.md is made of."""

from collections import Counter
from pathlib import Path

from tools.calibration import ladders, peeking, pipeline, several, table
from tools.calibration.laws import LAWS, Kind
from tools.calibration.rates import Rates, law_named, rates_of


def test_looking_again_raises_false_alarms() -> None:
    found = peeking.peeking(300)
    assert found.once / found.comparisons < 0.05 + 3 * 0.0126
    assert found.again / found.comparisons > 0.1
    assert f"{100 * found.again / 300:.1f} %." in peeking.told(found)


def test_a_table_has_the_rows_of_its_kind_and_the_document_both() -> None:
    found = [rates_of(law_named(law.name), 8, 20) for law in LAWS]
    for kind in Kind:
        lines = table.rows(found, kind)
        assert len(lines) == 2 + sum(law.kind is kind for law in LAWS)
        assert len({line.count("|") for line in lines}) == 1
    text = table.document(table.Measured(found, ["records"], ["families"], ["causes"], "again"))
    assert {"records", "families", "causes", "again"} <= set(text.split("\n"))
    assert all(f"| {law.name} | 8 |" in text for law in LAWS)


def test_a_rate_is_of_the_worse_side_and_has_its_error() -> None:
    counts = {"equivalent_above": 3, "equivalent_below": 9}
    found = Rates("normal", 5, 100, counts)
    assert found.false_equivalent == 0.09
    assert abs(found.error_of(0.05) - 0.0218) < 1e-4


def test_records_of_a_known_truth_get_verdicts() -> None:
    said = pipeline.verdicts(pipeline.Case("far apart", 5, 40.0), 2)
    assert said.counts == Counter({"Different": 2})
    assert pipeline.table([said])[-1] == "| far apart | 5 | 2 | 100.0 % | 0.0 % | 0.0 % |"


def test_the_kept_document_is_of_the_laws_that_there_are() -> None:
    kept = (Path(__file__).resolve().parents[2] / "docs/calibration.md").read_text(encoding="utf-8")
    for law in LAWS:
        assert f"| {law.name} | 20 |" in kept
    for truth in several.TRUTHS:
        assert f"| {truth.told} | {truth.seeds} | {truth.correlation:g} | 250 |" in kept
    for ladder in ladders.TRUTHS:
        assert f"| {ladder.told} | {ladder.seeds_told} | 100 |" in kept
