"""Training code of the user's own: where it lies, which files it is, and the one sha256 over them.

The same rules serve the engine that copies the files, the command that makes a ConfigMap of them,
and the trial that runs them: a flat folder, as the keys of a ConfigMap are.
"""

import os
import re
from typing import Dict, Optional, Tuple

from diptych_runner.contract import hashing

#: Names the folder of the code; unset, the code is in the image.
MODULE_VARIABLE = "DIPTYCH_MODULE"
#: Where a pod has the ConfigMap.
MODULE_FOLDER = "/etc/diptych-module"

#: What a ConfigMap takes as a key; names that begin with a dot are its own links.
_NAME = re.compile(r"\A[A-Za-z0-9_-][A-Za-z0-9._-]{0,252}\Z")


def parts(entrypoint: str) -> Tuple[str, Optional[str]]:
    """Return an entrypoint's module and function; no function for a script.

    >>> parts("train:main"), parts("train")
    (('train', 'main'), ('train', None))
    """
    module, _, function = entrypoint.partition(":")
    return module, function or None


def is_file_name(name: str) -> bool:
    """Return whether a file of this name is part of the code.

    >>> [is_file_name(name) for name in ("train.py", "..data", "a b.py")]
    [True, False, False]
    """
    return _NAME.match(name) is not None


def files_in(folder: str) -> Dict[str, bytes]:
    """Return the bytes of each file of the code in a folder, by name; folders are left out."""
    files = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if is_file_name(name) and os.path.isfile(path):
            with open(path, "rb") as stream:
                files[name] = stream.read()
    return files


def sha256_of(files: Dict[str, bytes]) -> str:
    """Return the one sha256 over named files."""
    return hashing.sha256_of_json(
        {name: hashing.sha256_of_bytes(content) for name, content in files.items()}
    )
