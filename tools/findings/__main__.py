"""`python -m tools.findings`: train what is missing, write every section, or one.

Both go on where they were stopped: a committed trial is never trained twice, and the document is
written after each section.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from tools.findings import sizes
from tools.findings.runs import Run, load, train
from tools.findings.sections import SECTIONS, Section
from tools.findings.writing import DOCUMENT, Made, document, parts_of, section_text

from diptych_analysis.report.numbers import seconds


def main() -> int:
    """Make what is asked for; return 0, 1 when a section could not be made, 130 when stopped."""
    options = _parser().parse_args()
    wanted = [each for each in SECTIONS if options.section in (None, each.name)]
    begun = time.monotonic()
    try:
        made = [_make(section, options.output, run=not options.no_run) for section in wanted]
    except KeyboardInterrupt:
        print("stopped; the same command goes on from here", file=sys.stderr)
        return 130
    print(f"{sum(made)} of {len(made)} sections made in {seconds(time.monotonic() - begun)}")
    return 0 if all(made) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.findings", description=__doc__)
    names = [section.name for section in SECTIONS]
    parser.add_argument("--section", choices=names, help="make this section alone")
    parser.add_argument("--output", default="diptych-results", help="where comparisons are kept")
    parser.add_argument("--no-run", action="store_true", help="write from what is committed")
    return parser


def _make(section: Section, output: str, *, run: bool) -> bool:
    """Make a section; say whether it was, leave it as it is where a comparison did not end."""
    piloted = {name: pilot for name in section.files if (pilot := sizes.pilot_of(name))}
    pilots = {name: _run(pilot, output, run=run) for name, pilot in piloted.items()}
    runs = _all(section.files, output, run=run)
    beside = _all(section.beside, output, run=run)
    known = {name: pilot for name, pilot in pilots.items() if pilot is not None}
    if runs is None or beside is None or len(known) < len(pilots):
        print(f"{section.name}: not run to its end, its section is left as it is")
        return False
    text = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
    parts = parts_of(text)
    parts[section.name] = section_text(section, Made(runs, beside, known))
    DOCUMENT.write_text(document(parts), encoding="utf-8")
    return True


def _all(names: Sequence[str], output: str, *, run: bool) -> list[Run] | None:
    found = [_run(name, output, run=run) for name in names]
    known = [each for each in found if each is not None]
    return known if len(known) == len(found) else None


def _run(name: str, output: str, *, run: bool) -> Run | None:
    if run:
        train(name, output)
    return load(name, output)


if __name__ == "__main__":
    sys.exit(main())
