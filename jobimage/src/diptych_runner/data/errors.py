"""Why a data set cannot be used."""


class DataError(Exception):
    """The data set is not what the plan says, or of no use here; no retry would help."""


class DataUnreachable(Exception):
    """The data set could not be read just now; a later attempt may succeed."""
