"""The sentence of the whole comparison: why it has its verdict, and what became of the others.

It goes into conditions and Events, which have room for 300 bytes: what is too long is shortened
part by part, so that no version loses its error to another's.
"""

from collections.abc import Sequence

from diptych_analysis.measured import Question
from diptych_analysis.records.table import Table
from diptych_analysis.sentences import MAXIMUM_BYTES, shortened
from diptych_analysis.shortage import shortage_told
from diptych_analysis.summary import Candidate
from diptych_analysis.verdicts import PRECEDENCE

#: Bytes for the names of candidates with other verdicts; of more of them only numbers are told.
_LONGEST_OTHERS = 90
#: Bytes of a reason that tell something of it.
_LEAST_OF_A_REASON = 40
#: First words of our own; all others are names of metrics or versions, and stay.
_OURS = ("All ", "Every ", "No ", "Only ", "The ", "Too few ", "Version ")


def headline(
    table: Table, question: Question, candidates: Sequence[Candidate], *, post_hoc: bool
) -> str:
    """Return the worst candidate's reason after its verdict, of how many that holds, and the rest.

    At most 300 bytes.
    """
    first = min(candidates, key=lambda candidate: PRECEDENCE.index(candidate.verdict))
    alike = [candidate for candidate in candidates if candidate.verdict == first.verdict]
    others = _others([each for each in candidates if each.verdict != first.verdict])
    late = ", post hoc" if post_hoc else ""
    start = f"{first.verdict}{late}{_shared(len(alike), len(candidates))}: "
    room = MAXIMUM_BYTES - len((start + others).encode("utf-8"))
    why = _too_few(table, question, alike) or _each(alike, room) or _lead(first.reason)
    return start + shortened(why, room) + others


def _too_few(table: Table, question: Question, alike: Sequence[Candidate]) -> str | None:
    """Return which versions lack trials, all in one sentence; None where something else is wrong.

    The first one's reason would leave out why the others failed.
    """
    if alike[0].verdict != "Invalid" or any(each.problems for each in alike):
        return None
    versions = [question.baseline, *(each.version for each in alike)]
    told = shortage_told(table, versions, (question.control, 0))
    return None if told is None else f"{told}."


def _each(alike: Sequence[Candidate], room: int) -> str | None:
    """Return the beginning of each Invalid candidate's reason; None of one, or of too many."""
    reasons: dict[str, list[str]] = {}
    for each in alike:
        reasons.setdefault(each.reason, []).append(each.version)
    if alike[0].verdict != "Invalid" or len(reasons) < 2:
        return None
    share = room // len(reasons) - 1
    told = [
        f"{start}{shortened(_lead(reason), share - len(start.encode('utf-8')))}"
        for reason, versions in reasons.items()
        if share - len((start := f"{', '.join(versions)}: ").encode("utf-8")) >= _LEAST_OF_A_REASON
    ]
    return " ".join(told) if len(told) == len(reasons) else None


def _others(others: Sequence[Candidate]) -> str:
    """Return the verdicts of the other candidates, worst first; empty where there is none."""
    groups = {
        verdict: found
        for verdict in PRECEDENCE
        if (found := [each.version for each in others if each.verdict == verdict])
    }
    if not groups:
        return ""
    told = "; ".join(f"{', '.join(found)}: {verdict}" for verdict, found in groups.items())
    if len(told.encode("utf-8")) > _LONGEST_OTHERS:
        told = "Others: " + ", ".join(f"{len(found)} {each}" for each, found in groups.items())
    return f" {told}."


def _shared(alike: int, count: int) -> str:
    """Return of how many candidates a verdict is, where it is not that of one alone."""
    if alike == 1:
        return ""
    if alike < count:
        return f" ({alike} of {count} candidates)"
    return " (both candidates)" if count == 2 else f" (all {count} candidates)"


def _lead(reason: str) -> str:
    return reason[0].lower() + reason[1:] if reason.startswith(_OURS) else reason
