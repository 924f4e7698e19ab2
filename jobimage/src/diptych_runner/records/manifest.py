"""The manifest and the COMMIT: what an attempt holds, and that it counts."""

import traceback
from typing import Any, Dict, Optional

from diptych_runner.contract import hashing, names
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial, trial_as_json
from diptych_runner.records import npz
from diptych_runner.records.store import Attempt

TRACEBACK_CHARACTERS = 4000


class RecordWriter(object):
    """Collects an attempt's files and their hashes; `finish` writes the manifest."""

    def __init__(self, plan: Plan, trial: Trial, name: str, attempt: Attempt) -> None:
        """Write into `attempt`, which the store began under `name`."""
        self.name = name
        self._plan = plan
        self._trial = trial
        self._attempt = attempt
        self._files = {}  # type: Dict[str, Dict[str, object]]
        self._arrays = {}  # type: Dict[str, Dict[str, Dict[str, object]]]

    def write(self, path: str, content: bytes) -> None:
        """Write one file and note its hash; writing it again replaces both."""
        self._attempt.write(path, content)
        self._files[path] = {
            "sha256": hashing.sha256_of_bytes(content),
            "bytes": len(content),
        }

    def write_json(self, path: str, document: Dict[str, Any]) -> None:
        """Write one JSON document with its schemaVersion."""
        whole = dict(document, schemaVersion=names.SCHEMA_VERSION)
        self.write(path, json_bytes(whole))

    def write_arrays(self, path: str, arrays: Dict[str, Any]) -> None:
        """Write one npz file and note the hash of each of its arrays."""
        self.write(path, npz.npz_bytes(arrays))
        self._arrays[path] = npz.array_entries(arrays)

    def finish(self, outcome: str, steps: int, error: Optional[Dict[str, str]] = None) -> bytes:
        """Write the manifest, the last file of an attempt; return its bytes."""
        content = json_bytes(
            {
                "schemaVersion": names.SCHEMA_VERSION,
                "plan": self._plan.sha256,
                "trial": trial_as_json(self._trial),
                "attempt": self.name,
                "outcome": outcome,
                "error": error,
                "stepsCompleted": steps,
                "files": self._files,
                "arrays": self._arrays,
            }
        )
        self._attempt.write(names.MANIFEST_FILE, content)
        return content


def commit_bytes(plan: Plan, trial: Trial, attempt: str, outcome: str, manifest: bytes) -> bytes:
    """Return the COMMIT that makes an attempt with this manifest count."""
    return json_bytes(
        {
            "schemaVersion": names.SCHEMA_VERSION,
            "plan": plan.sha256,
            "trial": trial_as_json(trial),
            "outcome": outcome,
            "attempt": attempt,
            "manifestSha256": hashing.sha256_of_bytes(manifest),
        }
    )


#: How lines begin that tell of a node of TensorFlow's graph, and not of the error.
_OF_A_NODE = ("Graph execution error", "Detected at node", "Node:", "[[", "Function call stack")


def error_of(exception: BaseException, place: Optional[str] = None) -> Dict[str, str]:
    """Return the manifest's error for an exception, with the end of its traceback.

    `place` is where in the user's own code it came from.
    """
    text = "".join(traceback.format_exception(type(exception), exception, exception.__traceback__))
    return {
        "type": type(exception).__name__,
        "message": _message(exception, place)[:TRACEBACK_CHARACTERS],
        "traceback": text[-TRACEBACK_CHARACTERS:],
    }


def _message(exception: BaseException, place: Optional[str]) -> str:
    said = _one_line(str(exception))
    if place is None:
        return said
    # The line first: whoever shortens a message takes away its end.
    line, _, code = place.partition(", in ")
    return "{}: {} (in {})".format(line, said, code)


def _one_line(text: str) -> str:
    r"""Return what a message of several lines says; the traceback has all of it.

    TensorFlow puts the stack of the node before it, and the node behind it.

    >>> _one_line("Graph execution error:\n\nDetected at node 'a'\n  File\nbad\n\t [[a]]")
    'bad'
    >>> _one_line(" bad label\n\t [[node a]] [Op:b]\n\nFunction call stack:\nb")
    'bad label'
    >>> _one_line("two\nlines")
    'two lines'
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if "[[" in text:
        told = lines[:1] + [line for line in lines[1:] if not line.startswith(("  ", "\t"))]
        told = [line for line in told if not line.startswith(_OF_A_NODE)]
        lines = told[:1] or lines[:1]
    return " ".join(line.strip() for line in lines)


def json_bytes(document: Dict[str, Any]) -> bytes:
    """Return a document of a record as it is written: canonical, with a final newline."""
    return hashing.canonical_json(document) + b"\n"
