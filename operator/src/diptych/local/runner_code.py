"""A copy of the runner by content, for interpreters that cannot install it.

On PYTHONPATH the copy brings `diptych_runner` and nothing else; and a comparison that is under way
keeps its code when the source is edited meanwhile.
"""

import shutil
from pathlib import Path

import diptych_runner
from diptych.local.copies import made_once
from diptych_runner.contract import hashing


def runner_copy(root: Path) -> Path:
    """Return the folder to put on PYTHONPATH, making it first where it is missing."""
    source = Path(diptych_runner.__file__).parent
    files = sorted(
        path
        for path in source.rglob("*")
        if path.suffix in (".py", ".json", ".npz") and path.is_file()
    )
    hashes = {str(path.relative_to(source)): hashing.sha256_of_file(str(path)) for path in files}

    def fill(made: Path) -> None:
        for path in files:
            copy = made / source.name / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)

    return made_once(root / "runner" / hashing.sha256_of_json(hashes)[:16], fill)
