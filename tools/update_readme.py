"""Runs the demo as a user would and puts what it prints into README.md."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"(<!-- demo:begin[^\n]*-->\n).*(<!-- demo:end -->)", re.DOTALL)


def main() -> int:
    """Rewrite the block between the markers; return the demo's exit code."""
    ended = subprocess.run(
        ["make", "--no-print-directory", "demo"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    printed = "\n".join(line.rstrip() for line in ended.stdout.strip().splitlines())
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    block = f"```\n{printed}\n```\n"
    updated = BLOCK.sub(lambda found: found.group(1) + block + found.group(2), text)
    readme.write_text(updated, encoding="utf-8")
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
