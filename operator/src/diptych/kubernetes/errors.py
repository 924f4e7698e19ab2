"""Errors that are nobody's mistake here: they are told in a line, without a traceback."""


class Foreseen(Exception):
    """Something outside failed, as such things do; it is tried again."""


class Conflict(Foreseen):
    """The comparison changed since it was read; it is looked at once more."""
