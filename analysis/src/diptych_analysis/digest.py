"""The digest: what of a summary fits into a container's termination message.

Kubernetes keeps 4,096 bytes of one. What is too long is shortened before anything is left out,
and what is left out is counted: a digest never claims to be the whole. Its names are those of the
resource's status.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from diptych_analysis.sentences import shortened
from diptych_analysis.summary import Candidate, Shortfall, Summary
from diptych_analysis.verdicts import PRECEDENCE
from diptych_runner.contract.trials import trial_at_path

#: UTF-8 bytes of the whole digest; Kubernetes cuts a termination message at 4,096.
MOST_BYTES = 3800
LONGEST_REASON = 300
LONGEST_CAUSE = 900


class _Room(NamedTuple):
    """Bytes that each candidate's reason and cause may have; whether missing trials are told."""

    reason: int
    cause: int
    tells_missing: bool = True


#: From generous to terse.
_ROOMS = (
    _Room(LONGEST_REASON, LONGEST_CAUSE),
    _Room(200, 500),
    _Room(120, 250),
    _Room(90, 0),
    _Room(90, 0, tells_missing=False),
)

_SENTENCE = re.compile(r".+?(?:\. (?=[A-Z0-9])|$)")

Document = dict[str, Any]


def digest_of(summary: Summary, sha256: str, report: Document) -> bytes:
    """Return the digest: at most MOST_BYTES of JSON, candidates worst first.

    `sha256` is summary.json's, `report` the address of report.html and its hash.
    """
    worst_first = sorted(summary.candidates, key=lambda each: PRECEDENCE.index(each.verdict))

    def rendered(shown: int, room: _Room) -> bytes:
        candidates = [_candidate(each, room.reason, room.cause) for each in worst_first[:shown]]
        told = _summary(summary, sha256, candidates, len(worst_first) - shown)
        if room.tells_missing:
            told["trials"] |= _missing(summary.trials.failed)
        return _json({"summary": told, "report": report})

    return _first_that_fits(rendered, len(worst_first))


def _first_that_fits(rendered: Callable[[int, _Room], bytes], count: int) -> bytes:
    for room in _ROOMS:
        content = rendered(count, room)
        if len(content) <= MOST_BYTES:
            return content
    # An address of a kilobyte leaves no room for all of them.
    return next(
        content
        for shown in range(count - 1, -1, -1)
        if len(content := rendered(shown, _ROOMS[-1])) <= MOST_BYTES
    )


def _summary(summary: Summary, sha256: str, candidates: list[Document], left_out: int) -> Document:
    trials = summary.trials
    return {
        "verdict": summary.verdict,
        "reason": _text(summary.reason, LONGEST_REASON),
        "sha256": sha256,
        "trials": {
            "planned": trials.planned,
            "committed": trials.committed,
            "succeeded": trials.succeeded,
            "diverged": trials.diverged,
            "failed": sum(entry.status == "Failed" for entry in trials.failed),
        },
        "candidates": candidates,
        "candidatesLeftOut": left_out,
    }


def _missing(failed: list[Shortfall]) -> Document:
    """Return how many trials of each version the store lacks, or has no trusted record of."""
    lacking = [entry.trial for entry in failed if entry.status in ("Missing", "Refused")]
    counts = Counter(trial_at_path(path).version for path in lacking)
    found = [{"version": version, "trials": trials} for version, trials in counts.items()]
    return {"missing": found} if found else {}


def _candidate(candidate: Candidate, reason: int, cause: int) -> Document:
    found = {
        "version": candidate.version,
        "verdict": candidate.verdict,
        "reason": _text(candidate.reason, reason),
    }
    told = _whole_sentences(_one_line(candidate.cause or ""), cause)
    if told:
        found["cause"] = told
    return found


def _whole_sentences(text: str, limit: int) -> str:
    """Return the sentences that fit into `limit` bytes; a cause without its end may be wrong.

    >>> _whole_sentences("It is A; but B is still there. More.", 31)
    'It is A; but B is still there.'
    >>> _whole_sentences("It is A; but B is still there. More.", 20)
    ''
    """
    told = ""
    for part in _SENTENCE.findall(text):
        if len((told + part).rstrip().encode("utf-8")) > limit:
            break
        told += part
    return told.rstrip()


def _text(text: str, limit: int) -> str:
    r"""Return one line of at most `limit` bytes, without what JSON would spell as \u0000.

    >>> _text("a\nb\x00c\ud800", 300)
    'a b c'
    """
    return shortened(_one_line(text), limit)


def _one_line(text: str) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())


def _json(document: Document) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
