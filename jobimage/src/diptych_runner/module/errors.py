"""What ends a trial of the user's own code."""


class ModuleError(Exception):
    """The code does something that a trial cannot be made of; the message says what to change."""


class Diverged(Exception):
    """A loss was not finite: training on would say nothing more."""
