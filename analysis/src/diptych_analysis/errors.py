"""The errors of the analysis.

AnalysisError           the comparison as a whole cannot be analysed
RefusalError            one record cannot be trusted; it becomes a `Refused` result
"""


class AnalysisError(ValueError):
    """No summary can be made; the message says why and what to do."""


class RefusalError(Exception):
    """One file of a record cannot be trusted.

    `path` is relative to the attempt (or the trial), `why` a clause without a full stop.
    """

    def __init__(self, path: str, why: str) -> None:
        """Take the file's relative path and what is wrong with it."""
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why
