"""What release notes and measurements say changed between versions: applies, never the cause."""

from diptych_analysis.known.changes import known_changes
from diptych_analysis.known.uses import uses_of

__all__ = ["known_changes", "uses_of"]
