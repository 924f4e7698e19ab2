"""The digest: what of a summary fits into a container's termination message.

Kubernetes keeps 4,096 bytes of one. What is too long is shortened before anything is left out,
and what is left out is counted: a digest never claims to be the whole. Its names are those of the
resource's status.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from diptych_analysis.sentences import shortened
from diptych_analysis.summary import Candidate, Summary
from diptych_analysis.verdicts import PRECEDENCE

#: UTF-8 bytes of the whole digest; Kubernetes cuts a termination message at 4,096.
MOST_BYTES = 3800
LONGEST_REASON = 300
LONGEST_CAUSE = 900
#: Bytes that each candidate's reason and cause may have, from generous to terse.
_LENGTHS = ((LONGEST_REASON, LONGEST_CAUSE), (200, 500), (120, 250), (90, 0))

_SENTENCE = re.compile(r".+?(?:\. (?=[A-Z0-9])|$)")

Document = dict[str, Any]


def digest_of(summary: Summary, sha256: str, report: Document) -> bytes:
    """Return the digest: at most MOST_BYTES of JSON, candidates worst first.

    `sha256` is summary.json's, `report` the address of report.html and its hash.
    """
    worst_first = sorted(summary.candidates, key=lambda each: PRECEDENCE.index(each.verdict))

    def rendered(shown: int, lengths: tuple[int, int]) -> bytes:
        candidates = [_candidate(each, *lengths) for each in worst_first[:shown]]
        left_out = len(worst_first) - shown
        return _json({"summary": _summary(summary, sha256, candidates, left_out), "report": report})

    return _first_that_fits(rendered, len(worst_first))


def _first_that_fits(rendered: Callable[[int, tuple[int, int]], bytes], count: int) -> bytes:
    for lengths in _LENGTHS:
        content = rendered(count, lengths)
        if len(content) <= MOST_BYTES:
            return content
    # An address of a kilobyte leaves no room for all of them.
    return next(
        content
        for shown in range(count - 1, -1, -1)
        if len(content := rendered(shown, _LENGTHS[-1])) <= MOST_BYTES
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
