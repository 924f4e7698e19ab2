"""Versions in their order."""

import re
from typing import List


def numbers(version: str) -> List[int]:
    """Return the numbers at a version's start, missing ones as 0.

    >>> numbers("2.16.0rc0"), numbers("1.4")
    ([2, 16, 0], [1, 4, 0])
    """
    found = [re.sub(r"[^0-9].*", "", part) for part in version.split(".")[:3]]
    return ([int(digits or 0) for digits in found] + [0, 0])[:3]


def released(version: str) -> str:
    """Return a version without what names one of its builds.

    >>> released("1.11.0+cu102"), released("2.4.0")
    ('1.11.0', '2.4.0')
    """
    return version.split("+", 1)[0]
