"""What stops a local run, as messages for people.

LocalError
├── PythonMissing       no interpreter of the version a framework needs
├── EnvironmentFailed   an environment could not be installed
├── PreflightFailed     this machine or folder cannot run the comparison
└── CodeMissing         code of the user's own is not where it is looked for
"""


class LocalError(Exception):
    """Base: the message says what is wrong and what to do."""


class PythonMissing(LocalError):
    """No interpreter of the version a framework needs."""


class EnvironmentFailed(LocalError):
    """An environment could not be installed."""


class PreflightFailed(LocalError):
    """This machine or folder cannot run the comparison."""


class CodeMissing(LocalError):
    """Code of the user's own is not where it is looked for, or cannot be carried."""
