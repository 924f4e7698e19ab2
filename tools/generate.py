"""Writes the files that are generated from the models, or says which are stale."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from diptych.api.crd import rendered_crd
from diptych_analysis import rendered_schema

ROOT = Path(__file__).resolve().parents[1]

GENERATED: dict[str, Callable[[], str]] = {
    "crds/versioncomparison.yaml": rendered_crd,
    "jobimage/src/diptych_runner/contract/schemas/summary.schema.json": rendered_schema,
}


def stale_files() -> list[str]:
    """Return the generated files whose content is not what the models give now."""
    return [
        name
        for name, render in GENERATED.items()
        if not (ROOT / name).exists() or (ROOT / name).read_text(encoding="utf-8") != render()
    ]


def main() -> int:
    """Write the stale files; with --check, name them and return 1 instead."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say which files are stale")
    check_only = parser.parse_args().check
    stale = stale_files()
    for name in stale:
        if check_only:
            print(f"{name} is stale: run `make generate` and commit it", file=sys.stderr)
        else:
            (ROOT / name).write_text(GENERATED[name](), encoding="utf-8")
            print(f"wrote {name}")
    if not stale:
        print(f"generated files are up to date: {', '.join(GENERATED)}")
    return 1 if stale and check_only else 0


if __name__ == "__main__":
    sys.exit(main())
