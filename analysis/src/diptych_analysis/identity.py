"""Whether trials computed the same bits: within versions, across them, and when they diverged."""

from collections.abc import Iterable, Sequence

from diptych_analysis.records.outcome import Committed, Record
from diptych_runner.contract import names


def are_identical(baseline: Sequence[Record], candidate: Sequence[Record]) -> bool:
    """Say whether two versions computed the same bits for every seed, repeats included.

    Takes every planned record of one control and setting. False as soon as one is missing,
    refused, Diverged or Failed: what did not run cannot be Identical.
    """
    records = [*baseline, *candidate]
    if not baseline or not candidate or not all(_succeeded(record) for record in records):
        return False
    return _agree_by_seed(records)


def are_exact(baseline: Iterable[Committed], candidate: Iterable[Committed]) -> bool:
    """Say whether, within each version, every seed computed the same bits.

    Then seeds do not act on this workload, and n of them are one observation.
    """
    return all(
        len({record.fingerprint for record in records}) == 1 for records in (baseline, candidate)
    )


def diverged_alike(baseline: Iterable[Record], candidate: Iterable[Record]) -> bool:
    """Say whether every trial of both versions Diverged, by seed at the same step and bits."""
    records = [*baseline, *candidate]
    if not all(_outcome(record) == names.DIVERGED for record in records):
        return False
    return _agree_by_seed(records)


def _agree_by_seed(records: Iterable[Record]) -> bool:
    fingerprints: dict[int, set[object]] = {}
    for record in records:
        if isinstance(record, Committed):
            fingerprints.setdefault(record.trial.seed, set()).add(record.fingerprint)
    return all(len(found) == 1 for found in fingerprints.values())


def _succeeded(record: Record) -> bool:
    return _outcome(record) == names.SUCCEEDED


def _outcome(record: Record) -> str | None:
    return record.outcome if isinstance(record, Committed) else None
