"""Adapters: what a workload needs of a framework, and which adapter serves which version.

A workload says what to train (a `Problem`); an adapter builds it as a user of that framework
version would (a `Program`). The training loop knows neither the one nor the other.
"""

import importlib

from diptych_runner.contract.frameworks import frameworks
from diptych_runner.frameworks.base import Framework


class FrameworkMissing(Exception):
    """This image cannot run the version that the plan asks for; no retry would help."""


def load(name: str, requested: str) -> Framework:
    """Import the framework and return its adapter.

    Raises FrameworkMissing when this image has no such framework, or one that reports another
    version than requested: a trial under the wrong version is worse than none. Whatever else an
    import raises goes through: memory or a file handle may be there at the next start.
    """
    known = frameworks()
    if name not in known:
        raise FrameworkMissing(
            "framework {!r} has no adapter; known: {}".format(name, ", ".join(known))
        )
    try:
        adapters = importlib.import_module("{}.{}".format(__name__, name))
        framework = adapters.adapter()  # type: Framework
    except ImportError as error:
        if error.name != known[name].module:
            raise
        raise FrameworkMissing("{} is not installed here".format(known[name].module))
    if framework.version != requested:
        raise FrameworkMissing(
            "the plan asks for {} {}, but this image holds {}".format(
                name, requested, framework.version
            )
        )
    return framework
