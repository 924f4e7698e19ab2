"""Measures the rates, prints them as tables, and keeps them in docs/calibration.md."""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tools.calibration import ladders, peeking, pipeline, several, table
from tools.calibration.laws import LAWS, Kind
from tools.calibration.rates import Rates, law_named, rates_of

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "calibration.md"
SEEDS = (3, 5, 8, 10, 15, 20, 40)


@dataclass(frozen=True)
class Sizes:
    """How many comparisons a row: of values, whole records, several metrics, and ladders."""

    values: int
    records: int
    several: int
    ladders: int


FULL, SHORT = Sizes(2000, 200, 250, 100), Sizes(200, 20, 10, 5)


def main() -> int:
    """Run all simulations; --short prints a quick form and keeps nothing."""
    parser = argparse.ArgumentParser(prog="python -m tools.calibration", description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer comparisons; write nothing")
    short = parser.parse_args().short
    began = time.monotonic()
    sizes = SHORT if short else FULL
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        measured = table.Measured(
            rates=_all(pool, sizes),
            pipeline=_all_records(pool, sizes),
            families=_all_several(pool, sizes),
            ladders=_all_ladders(pool, sizes),
            again=peeking.told(peeking.peeking(sizes.values)),
        )
    for kind in Kind:
        print(f"\n{kind}", *table.rows(measured.rates, kind), sep="\n")
    print("\nfrom records to verdict", *measured.pipeline, "", *measured.families, sep="\n")
    print("\nthe cause", *measured.ladders, "", measured.again, sep="\n")
    if not short:
        DOCUMENT.write_text(table.document(measured), encoding="utf-8")
        print(f"\nwrote {DOCUMENT.relative_to(ROOT)}")
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0


def _all(pool: Executor, sizes: Sizes) -> list[Rates]:
    """Return the rates of every law at every number of seeds."""
    wanted = [(law.name, count, sizes.values) for law in LAWS for count in SEEDS]
    return list(shown(pool.map(_one, wanted), len(wanted), "laws"))


def _all_records(pool: Executor, sizes: Sizes) -> list[str]:
    """Return the table of verdicts from records."""
    wanted = [(case, sizes.records) for case in pipeline.CASES]
    return pipeline.table(list(shown(pool.map(_records, wanted), len(wanted), "records")))


def _all_several(pool: Executor, sizes: Sizes) -> list[str]:
    """Return the table of errors over several metrics and versions."""
    wanted = [(truth, sizes.several) for truth in several.TRUTHS]
    return several.table(list(shown(pool.map(_several, wanted), len(wanted), "families")))


def _all_ladders(pool: Executor, sizes: Sizes) -> list[str]:
    """Return the table of what is said of causes."""
    wanted = [(truth, sizes.ladders) for truth in ladders.TRUTHS]
    return ladders.table(list(shown(pool.map(_ladder, wanted), len(wanted), "ladders")))


def shown(found: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Yield what is found, and count it in a terminal."""
    for done, each in enumerate(found, start=1):
        if sys.stderr.isatty():
            print(f"\r{what}: {done} of {total} rows ", end="", file=sys.stderr, flush=True)
        yield each


def _one(wanted: tuple[str, int, int]) -> Rates:
    name, seeds, comparisons = wanted
    return rates_of(law_named(name), seeds, comparisons)


def _records(wanted: tuple[pipeline.Case, int]) -> pipeline.Said:
    case, comparisons = wanted
    return pipeline.verdicts(case, comparisons)


def _several(wanted: tuple[several.Truth, int]) -> several.Tally:
    truth, comparisons = wanted
    return several.tally(truth, comparisons)


def _ladder(wanted: tuple[ladders.Truth, int]) -> ladders.Tally:
    truth, comparisons = wanted
    return ladders.tally(truth, comparisons)


if __name__ == "__main__":
    sys.exit(main())
