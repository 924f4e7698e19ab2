import json

import pytest
from tests.operator.kubernetes.builders import DIGEST

from diptych.kubernetes.digest import DigestError, digest_of


def test_a_digest_becomes_the_status_summary_and_report() -> None:
    digest = digest_of(json.dumps(DIGEST))
    assert digest.summary.verdict == "Equivalent"
    assert not digest.is_invalid
    assert digest.as_status()["report"] == DIGEST["report"]
    assert digest.as_status()["summary"]["candidates"][0]["version"] == "2.4.0"


def test_what_of_a_version_was_read_follows_from_what_is_missing() -> None:
    def read(version: str, **trials: object) -> int | None:
        summary = {**DIGEST["summary"], "trials": {**DIGEST["summary"]["trials"], **trials}}
        return digest_of(json.dumps({**DIGEST, "summary": summary})).committed_of(version, 9)

    assert read("2.1.0") == read("2.4.0") == 9
    lacking = {"committed": 15, "missing": [{"version": "2.4.0", "trials": 3}]}
    assert (read("2.1.0", **lacking), read("2.4.0", **lacking)) == (9, 6)
    # The analysis of an older operator tells the sum alone.
    assert read("2.1.0", committed=15) is None


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("", "it left no digest"),
        ("Killed", "it left no digest but: Killed"),
        ("[]", "it left no digest but"),
        ("{}", "it left no digest but"),
        ('{"summary": {"verdict": "Fine"}}', "its digest is not understood: verdict"),
        ('{"summary": {"verdict": "Invalid"}, "report": {}}', "not understood: uri"),
        ('{"summary": {"verdict": "Equi', "it left no digest but"),
    ],
)
def test_what_is_no_digest_says_why(message: str, why: str) -> None:
    with pytest.raises(DigestError, match=why):
        digest_of(message)
