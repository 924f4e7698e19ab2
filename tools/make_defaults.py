"""Makes contract/defaults.json: what the optimizers of every version set by default.

`uv run python -m tools.make_defaults` asks the classes themselves, in the environment of each row
of the environment table, and writes the table; `--check` compares instead.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from diptych.local import cache
from diptych.local.environments import Wanted, prepare
from diptych_runner.contract import defaults, tables
from diptych_runner.contract.frameworks import frameworks
from diptych_runner.contract.tables import Environment

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "jobimage" / "src"
TABLE = SOURCES / "diptych_runner" / "contract" / "defaults.json"

#: Runs in a version's own interpreter, which imports nothing of ours but the runner.
_ASK = """
import json, sys
from diptych_runner import frameworks
framework = frameworks.load(sys.argv[1], sys.argv[2])
framework.begin(1, 1)
sys.stdout.write("\\n" + json.dumps(framework.optimizer_defaults()))
"""


def main() -> int:
    """Write the table, or with --check say whether it is up to date; return the exit code."""
    parser = argparse.ArgumentParser(description="Ask every version for its defaults.")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    text = rendered(
        {
            name: {row.version: asked(row) for row in tables.environments(name)}
            for name in frameworks()
        }
    )
    if not options.check:
        TABLE.write_text(text, encoding="utf-8")
        return 0
    if TABLE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{TABLE.relative_to(ROOT)} is not what the versions say", file=sys.stderr)
    return 1


def asked(row: Environment) -> dict[str, defaults.Defaults]:
    """Return the defaults by class that one version reports."""
    python = prepare(Wanted(row, gpu=False), cache.cache_root(), print)
    ended = subprocess.run(
        [str(python), "-c", _ASK, row.framework, row.version],
        env={**os.environ, "PYTHONPATH": str(SOURCES), "CUDA_VISIBLE_DEVICES": "-1"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(ended.stdout.splitlines()[-1])
    return {
        name: {key: spelled(value) for key, value in values.items()}
        for name, values in found.items()
    }


def spelled(value: float) -> str:
    """Return a number in the one spelling that a plan has for it.

    >>> spelled(1e-07), spelled(0.0), spelled(2.0)
    ('0.0000001', '0', '2')
    """
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def rendered(found: dict[str, dict[str, dict[str, defaults.Defaults]]]) -> str:
    """Return defaults.json's text, of defaults by framework, version and class: a line a class."""
    body = ",\n".join(
        _block(4, name, [_version(*each) for each in versions.items()])
        for name, versions in found.items()
    )
    return f'{{\n  "schemaVersion": 1,\n  "frameworks": {{\n{body}\n  }}\n}}\n'


def _version(version: str, classes: dict[str, defaults.Defaults]) -> str:
    lines = (
        f"        {json.dumps(name)}: {json.dumps(values, sort_keys=True)}"
        for name, values in sorted(classes.items())
    )
    return _block(6, version, lines)


def _block(indent: int, name: str, lines: Iterable[str]) -> str:
    margin = " " * indent
    return f"{margin}{json.dumps(name)}: {{\n" + ",\n".join(lines) + f"\n{margin}}}"


if __name__ == "__main__":
    sys.exit(main())
