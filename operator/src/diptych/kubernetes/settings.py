"""kopf's settings, each with its reason: it is the shell that says when to look, and no more."""

import itertools
import random
from collections.abc import Callable, Iterator

import kopf

from diptych.api.base import GROUP
from diptych.api.crd import PLURAL
from diptych.kubernetes import names


class Backoffs:
    """Seconds between the tries of one request of kopf: without an end, anew for each request.

    A list would end, and with it the watch, and with that the operator. They are spread, so that
    not all that a server lost comes back at once.
    """

    FIRST, LAST = 1.0, 30.0

    def __init__(self, spread: Callable[[], float] = random.random) -> None:
        """Take what says, from 0 to 1, how far a wait is from its shortest."""
        self._spread = spread

    def __iter__(self) -> Iterator[float]:
        """Begin again with the first."""
        for count in itertools.count():
            wait: float = min(self.FIRST * 1.6 ** min(count, 20), self.LAST)
            yield wait * (0.5 + self._spread() / 2)


def configure(settings: kopf.OperatorSettings, silence: int) -> None:
    """Set what differs from kopf's defaults; silence: seconds after which a watch is dead."""
    watching = settings.watching
    # A watch that the server ends every four minutes cannot be lost for longer than that.
    watching.server_timeout = 240
    # The client ends it soon after, should the server's end never arrive.
    watching.client_timeout = 260
    watching.connect_timeout = 5
    # Bookmarks come once a minute: a stream that is silent for longer is opened anew.
    watching.inactivity_timeout = silence
    # A list of thousands comes in pages, so that neither side holds all of it.
    watching.chunk_size = 500
    # Other people's Jobs never reach this process.
    watching.label_selectors["batch", "v1", "jobs"] = names.OUR_JOBS

    networking = settings.networking
    networking.connect_timeout = 5
    # The default of five minutes would hide a server that does not answer.
    networking.request_timeout = 30
    # However long the server is away or forbids, as it does for a while when it is upgraded.
    networking.error_backoffs = Backoffs()
    # A server that asks for patience gets it.
    networking.enforce_retry_after = True

    queueing = settings.queueing
    # Handlers only put a key into our queue; few workers are plenty, and memory stays flat.
    queueing.worker_limit = 32
    queueing.idle_timeout = 1

    # We post our own Events, once for each transition.
    settings.posting.enabled = False
    # Two operators at once are harmless here: names are the same and the status is compared and
    # swapped. Peering would stop both.
    settings.peering.standalone = True
    # Otherwise kopf lists and watches all CRDs and namespaces, which needs rights over them.
    settings.scanning.disabled = True
    # Not used by event handlers; should kopf ever mark an object, then under our name.
    settings.persistence.finalizer = f"{PLURAL}.{GROUP}/kopf"
    # In a pod the kubelet ends the process sooner; elsewhere nobody waits ten minutes.
    settings.process.ultimate_exiting_timeout = 30
