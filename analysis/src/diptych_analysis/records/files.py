"""Files of an attempt: their names, their hashes, and the manifest that lists them."""

import contextlib
import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from diptych_analysis.errors import RefusalError
from diptych_analysis.records import documents
from diptych_analysis.records.reader import Reader
from diptych_runner.contract import hashing, names

#: One component of a path: no separators, no leading dot, so that none leads elsewhere.
COMPONENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*\Z")
NPZ = ".npz"
#: Bytes of a file that are hashed at once.
_PART = 1 << 20
_CHECKPOINT = re.compile(r"checkpoints/step-(0|[1-9][0-9]{0,17})\.npz\Z")


def checkpoint_step(path: str) -> int | None:
    """Return the step of a checkpoint's path relative to its attempt, None for other files."""
    match = _CHECKPOINT.match(path)
    return None if match is None else int(match.group(1))


def checkpoint_path(step: int) -> str:
    """Return the path of a step's checkpoint, relative to its attempt."""
    return f"{names.CHECKPOINTS_FOLDER}/step-{step}{NPZ}"


def read_file(reader: Reader, base: str, path: str, expected: str | None) -> bytes:
    """Return a file's bytes; raise RefusalError when unreadable or of another sha256."""
    try:
        data = reader.read(f"{base}/{path}")
    except FileNotFoundError as error:
        raise RefusalError(path, "the file is missing") from error
    except OSError as error:
        raise RefusalError(path, f"cannot be read ({error.strerror or error})") from error
    if expected is not None:
        check_sha256(path, hashing.sha256_of_bytes(data), expected)
    return data


@contextlib.contextmanager
def opened(reader: Reader, base: str, path: str) -> Iterator[BinaryIO]:
    """Open a file to seek in; raise RefusalError when it is unreadable, also later on."""
    try:
        with reader.open(f"{base}/{path}") as file:
            yield file
    except FileNotFoundError as error:
        raise RefusalError(path, "the file is missing") from error
    except OSError as error:
        raise RefusalError(path, f"cannot be read ({error.strerror or error})") from error


def check_file(path: str, file: BinaryIO, entry: Mapping[str, Any]) -> None:
    """Raise RefusalError when an open file has not the manifest's sha256 or length."""
    digest = hashlib.sha256()
    while part := file.read(_PART):
        digest.update(part)
    check_sha256(path, digest.hexdigest(), entry["sha256"])
    check_bytes(path, file.tell(), entry)
    file.seek(0)


def check_bytes(path: str, found: int, entry: Mapping[str, Any]) -> None:
    """Raise RefusalError when a file has not the manifest's length."""
    if found != entry["bytes"]:
        raise RefusalError(path, f"has {found} bytes but the manifest says {entry['bytes']}")


def check_sha256(path: str, found: str, expected: str) -> None:
    """Raise RefusalError when a file's sha256 is not the one that COMMIT or the manifest says."""
    if found != expected:
        says = names.COMMIT_FILE if path == names.MANIFEST_FILE else "the manifest"
        raise RefusalError(path, f"sha256 is {found} but {says} says {expected}")


def read_manifest(reader: Reader, base: str, sha256: str) -> dict[str, Any]:
    """Return an attempt's manifest, verified; `base` is the attempt's folder.

    Raises RefusalError, also when it lists a file name that could lead out of the attempt, or
    when npz files and entries of arrays do not match.
    """
    data = read_file(reader, base, names.MANIFEST_FILE, sha256)
    manifest = documents.parse_as("manifest", names.MANIFEST_FILE, data)
    for path in manifest["files"]:
        if not all(COMPONENT.match(part) for part in path.split("/")):
            raise RefusalError(names.MANIFEST_FILE, f"file name {path!r} is not allowed")
    expected = {path for path in manifest["files"] if path.endswith(NPZ)}
    odd = sorted(expected ^ set(manifest["arrays"]))
    if odd:
        raise RefusalError(names.MANIFEST_FILE, f"{odd[0]!r} is not under both files and arrays")
    for path, entries in sorted(manifest["arrays"].items()):
        if path in (names.PREDICTIONS_FILE, names.PROBE_FILE) or checkpoint_step(path) is not None:
            documents.check("npz", f"{names.MANIFEST_FILE} arrays of {path}", entries)
    return manifest
