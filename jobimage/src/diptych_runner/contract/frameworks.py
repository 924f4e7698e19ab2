"""The frameworks there are adapters for: what people, Python and package indexes call each.

They stand in environments.json, beside their versions.
"""

import json
import os
from typing import Dict, List, NamedTuple

#: What a comparison compares that names no framework.
DEFAULT = "tensorflow"

_FILE = "environments.json"

#: `title` is for people, `module` is imported, one of `packages` is installed.
Framework = NamedTuple(
    "Framework",
    [("name", str), ("title", str), ("module", str), ("packages", List[str])],
)


def frameworks() -> Dict[str, Framework]:
    """Return every framework by its name in a plan."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), _FILE)
    with open(path, encoding="utf-8") as stream:
        rows = json.load(stream)["frameworks"]
    return {
        row["name"]: Framework(row["name"], row["title"], row["module"], row["packages"])
        for row in rows
    }


def named(name: str) -> Framework:
    """Return a framework by its name; one that is not known has that name for everything."""
    return frameworks().get(name) or Framework(name, name, name, [name])
