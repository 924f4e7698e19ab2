"""Too few trials of a version completed: how many, and the beginning of each version's error."""

from collections.abc import Sequence

from diptych_analysis.diverging import completed
from diptych_analysis.records.outcome import Committed, Missing, Record
from diptych_analysis.records.table import Cell, Table
from diptych_analysis.sentences import shortened

#: Bytes of all trials' own errors in one sentence, each version's in its share of them.
ROOM_FOR_ERRORS = 120
#: A share that is smaller tells nothing.
FEWEST_CHARACTERS = 15
#: Why a trial is missing: it never began, or was interrupted.
NO_RECORD = "no record, it did not run to its end"


def shortage_told(table: Table, versions: Sequence[str], cell: Cell) -> str | None:
    """Return of which versions too few trials completed in a (control, setting); None of none.

    Completed is Succeeded or Diverged: both are outcomes that were measured. Only this cell
    counts: trials for the attribution or of another setting do not decide.
    """
    minimum = table.plan.document["analysis"]["minimumCompletedPercent"]
    short = {}
    for version in versions:
        records = table.of(version, cell)
        done = sum(completed(record) for record in records)
        if done * 100 < minimum * len(records):
            failed = next(record for record in records if not completed(record))
            short[f"{done} of {len(records)} of {version}"] = _why(failed)
    if not short:
        return None
    room = ROOM_FOR_ERRORS // len(short)
    told = (
        f"{count} (first: {shortened(why, room)})" if room >= FEWEST_CHARACTERS else count
        for count, why in short.items()
    )
    return f"too few trials completed under {cell[0]}, {minimum} % are asked for: {', '.join(told)}"


def _why(record: Record) -> str:
    """Return on one line why a trial did not complete."""
    if isinstance(record, Committed):
        return " ".join((record.error or record.outcome).split())
    return NO_RECORD if isinstance(record, Missing) else f"{record.path}: {record.why}"
