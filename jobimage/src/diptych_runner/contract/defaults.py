"""What each framework version sets by default, from a table that tools/make_defaults.py makes.

The table holds what real versions report. A version that is not in it has a default only where
its two neighbours agree; and the analysis checks every value against the baseline's own record.
"""

import json
import os
from typing import Any, Dict, List, Mapping, Optional

from diptych_runner.contract import optimizers
from diptych_runner.contract.versions import numbers

#: Parameters of a class by our names, as decimal strings.
Defaults = Dict[str, str]

_FILE = "defaults.json"


def table(framework: str) -> Dict[str, Dict[str, Defaults]]:
    """Return the defaults by version, then by class."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), _FILE)
    with open(path, encoding="utf-8") as stream:
        return dict(json.load(stream)["frameworks"].get(framework, {}))


def class_of(framework: str, version: str, interface: str, optimizer: str) -> Optional[str]:
    """Return the class that serves an optimizer in a version; None: none does, or unknown."""
    known = _of_version(framework, version)
    for name in optimizers.classes(framework, interface, optimizer):
        if name in known:
            return name
    return None


def is_known(framework: str, version: str) -> bool:
    """Return whether the table tells anything of a version."""
    return bool(_of_version(framework, version))


def of_class(framework: str, version: str, name: str) -> Defaults:
    """Return a class's own defaults in a version; a parameter that it lacks is left out."""
    return dict(_of_version(framework, version).get(name, {}))


def pinned(
    framework: str, version: str, interface: str, parameters: Mapping[str, Any]
) -> Dict[str, str]:
    """Return values for the parameters that are left open, as this version would set them.

    One that the version's class lacks, or that the table does not tell, is left out.
    """
    name = class_of(framework, version, interface, optimizers.chosen(parameters))
    known = {} if name is None else of_class(framework, version, name)
    return {key: known[key] for key in optimizers.left_open(parameters) if key in known}


def _of_version(framework: str, version: str) -> Dict[str, Defaults]:
    rows = table(framework)
    if version in rows:
        return rows[version]
    older = _nearest([each for each in rows if numbers(each) < numbers(version)], newest=True)
    newer = _nearest([each for each in rows if numbers(each) > numbers(version)], newest=False)
    if older is None or newer is None:
        return {}
    return {
        name: _agreed(rows[older][name], rows[newer][name])
        for name in rows[older]
        if name in rows[newer]
    }


def _nearest(versions: List[str], *, newest: bool) -> Optional[str]:
    ordered = sorted(versions, key=numbers)
    if not ordered:
        return None
    return ordered[-1 if newest else 0]


def _agreed(older: Defaults, newer: Defaults) -> Defaults:
    return {name: value for name, value in older.items() if newer.get(name) == value}
