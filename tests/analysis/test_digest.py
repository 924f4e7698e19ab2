"""Twin of digest.py: what reaches the status is whole JSON, within its bytes, the worst first."""

import json
from collections.abc import Iterable
from typing import Any, Literal

import pytest

from diptych.kubernetes.digest import digest_of as read_by_the_operator
from diptych_analysis.digest import LONGEST_CAUSE, LONGEST_REASON, MOST_BYTES, digest_of
from diptych_analysis.summary import (
    Candidate,
    Comparison,
    Resources,
    Shortfall,
    Summary,
    Trials,
    Usage,
    Verdict,
)
from diptych_runner.contract.trials import Trial, path_of

Status = Literal["Missing", "Refused", "Diverged", "Failed"]
SHA256 = "a" * 64
REPORT = {"uri": "s3://results/demo-01234567/report.html", "sha256": "b" * 64}


def candidate(
    version: str, verdict: Verdict = "Equivalent", reason: str = "why", cause: str | None = None
) -> Candidate:
    usage = Usage(
        version=version,
        median_step_seconds=None,
        median_wall_seconds=None,
        peak_host_bytes=None,
        peak_device_bytes=None,
        peak_device_reason=None,
    )
    return Candidate(
        version=version,
        verdict=verdict,
        reason=reason,
        metrics=[],
        trajectory=None,
        attribution=[],
        cause=cause,
        resources=Resources(baseline=usage, candidate=usage),
        known_changes=[],
    )


SHORTFALLS: tuple[tuple[str, Status], ...] = (
    ("2.1.0", "Failed"),
    ("2.1.0", "Diverged"),
    ("2.4.0", "Missing"),
    ("2.4.0", "Refused"),
)


def summary(
    *candidates: Candidate,
    reason: str = "Different: because",
    shortfalls: Iterable[tuple[str, Status]] = SHORTFALLS,
) -> Summary:
    return Summary(
        comparison=Comparison(name="demo", uid="0123456789"),
        verdict="Different",
        reason=reason,
        baseline="2.1.0",
        trials=Trials(
            planned=9,
            committed=7,
            succeeded=5,
            diverged=1,
            failed=[
                Shortfall(trial=path_of(Trial(version, "Native", 0, 1, 0)), status=why, reason="r")
                for version, why in shortfalls
            ],
        ),
        commits=SHA256,
        results=SHA256,
        candidates=list(candidates),
    )


def digest(made: Summary, report: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the digest: within its bytes, and understood by who reads it."""
    content = digest_of(made, SHA256, report or REPORT)
    assert len(content) <= MOST_BYTES
    document: dict[str, Any] = json.loads(content)
    understood = read_by_the_operator(content.decode("utf-8"))
    assert understood.report is not None
    assert understood.summary.candidates_left_out == document["summary"]["candidatesLeftOut"]
    return document


def test_a_small_summary_is_told_whole() -> None:
    document = digest(summary(candidate("2.4.0", "Different", "it differs", "initial weights")))
    assert document == {
        "summary": {
            "verdict": "Different",
            "reason": "Different: because",
            "sha256": SHA256,
            "trials": {
                "planned": 9,
                "committed": 7,
                "succeeded": 5,
                "diverged": 1,
                "failed": 1,
                "missing": [{"version": "2.4.0", "trials": 2}],
            },
            "candidates": [
                {
                    "version": "2.4.0",
                    "verdict": "Different",
                    "reason": "it differs",
                    "cause": "initial weights",
                }
            ],
            "candidatesLeftOut": 0,
        },
        "report": REPORT,
    }


def test_the_worst_candidates_come_first_and_equals_keep_their_order() -> None:
    verdicts: list[Verdict] = ["Identical", "Inconclusive", "Different", "Equivalent", "Different"]
    made = [candidate(f"2.{place}.0", verdict) for place, verdict in enumerate(verdicts)]
    found = digest(summary(*made))["summary"]["candidates"]
    assert [each["version"] for each in found] == ["2.2.0", "2.4.0", "2.1.0", "2.3.0", "2.0.0"]


def test_fifteen_candidates_with_long_unicode_reasons_all_have_their_verdict() -> None:
    made = [
        candidate(f"{place:040d}", "Inconclusive", "größer → 差異 " * 90, "原因 " * 200)
        for place in range(15)
    ]
    lacking: list[tuple[str, Status]] = [(each.version, "Missing") for each in made]
    found = digest(summary(*made, reason="差異 " * 100, shortfalls=lacking))["summary"]
    assert found["candidatesLeftOut"] == 0
    assert "missing" not in found["trials"], "a verdict is worth more than a count"
    found = digest(summary(*made, reason="差異 " * 100, shortfalls=()))["summary"]
    assert found["candidatesLeftOut"] == 0
    assert "missing" not in found["trials"]
    assert len(found["candidates"]) == 15
    for each in found["candidates"]:
        assert each["reason"].startswith("größer → 差異")
        assert each["reason"].endswith("...")
        assert len(each["reason"].encode()) <= LONGEST_REASON
    assert len(found["reason"].encode()) <= LONGEST_REASON


@pytest.mark.parametrize("letter", ["ü", "差", "🔶", "a", '"', "\\", "\x00", "\n"])
@pytest.mark.parametrize("shift", range(4))
def test_no_character_is_cut_in_two_wherever_the_cut_falls(letter: str, shift: int) -> None:
    reason = "x" * shift + letter * 500
    found = digest(summary(*(candidate(str(n), "Invalid", reason) for n in range(16))))
    for each in found["summary"]["candidates"]:
        assert set(each["reason"]) <= {"x", letter, ".", " "}


def test_an_address_without_end_leaves_candidates_out_and_says_how_many() -> None:
    report = {"uri": "s3://results/" + "p" * 1260, "sha256": "b" * 64}
    made = [
        candidate(f"{place:040d}", "Identical" if place else "Different", '"' * 400)
        for place in range(16)
    ]
    found = digest(summary(*made, reason='"' * 300), report)["summary"]
    assert 0 < found["candidatesLeftOut"] < 16
    assert len(found["candidates"]) + found["candidatesLeftOut"] == 16
    assert found["candidates"][0]["verdict"] == "Different"


def test_a_lone_surrogate_of_a_damaged_record_does_no_harm() -> None:
    found = digest(summary(candidate("2.4.0", reason="bad \ud800 name")))
    assert found["summary"]["candidates"][0]["reason"] == "bad name"


def test_a_cause_is_told_in_whole_sentences_or_not_at_all() -> None:
    named = (
        f"Seed by seed {'far ' * 100}apart; but the mean is still there: something else does it."
    )
    shown = digest(summary(candidate("2.4.0", cause=f"{named} {'More of it. ' * 100}")))
    cause = shown["summary"]["candidates"][0]["cause"]
    assert cause.startswith(f"{named} More of it.")
    assert cause.endswith("More of it.")
    assert len(cause.encode()) <= LONGEST_CAUSE
    many = [candidate(f"2.{place}.0", reason="why " * 70, cause=named) for place in range(9)]
    assert all("cause" not in each for each in digest(summary(*many))["summary"]["candidates"])
