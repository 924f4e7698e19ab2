"""Write files into a comparison's place, each whole or not at all."""

from diptych_analysis.records.reader import Home, store_of
from diptych_analysis.summary import Summary
from diptych_runner.contract import names


def write_summary(home: Home, summary: Summary) -> str:
    """Write `summary.json` beside a comparison's records and return its address."""
    return write_text(home, names.SUMMARY_FILE, summary.to_json())


def write_text(home: Home, name: str, text: str) -> str:
    """Write a text file and return its address; a reader sees the old file or the new one.

    Raises StoreError when it cannot be written.
    """
    store = store_of(home)
    store.write(name, text.encode("utf-8"))
    return f"{store.uri}/{name}"
