"""What a Python needs beside its framework when records or data lie in S3.

Pins for every Python, each the last boto3 that runs there: installed into a folder of their own,
so that an environment without S3 is the same with and without this table.
"""

import json
import os
from typing import List

_FILE = "store-packages.json"


def store_packages(minor: str) -> List[str]:
    """Return every package for a Python such as "3.8", pinned; nothing is left to a resolver.

    >>> store_packages("3.6")[0], store_packages("3.14")[0]
    ('boto3==1.23.10', 'boto3==1.44.5')
    """
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), _FILE)
    with open(path, encoding="utf-8") as stream:
        rows = json.load(stream)["packages"]
    return list(rows.get(minor, rows["newer"]))
