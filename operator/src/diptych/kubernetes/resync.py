"""A slow second pair of eyes: all comparisons are read once a minute, beside the watches.

It finds what a watch did not tell, has it looked at, and is what the liveness probe measures the
watches by. It only reads.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable

from diptych.api.raw import text_at
from diptych.kubernetes import metrics, paths
from diptych.kubernetes.api import Api
from diptych.kubernetes.configuration import Configuration
from diptych.kubernetes.errors import Foreseen
from diptych.kubernetes.freshness import Freshness
from diptych.kubernetes.handlers import key_of_comparison
from diptych.kubernetes.keys import Key
from diptych.kubernetes.queue import Queue
from diptych.kubernetes.reconciler import Reconciler

logger = logging.getLogger(__name__)

EVERY = 60.0


async def resync_for_ever(
    api: Api,
    configuration: Configuration,
    queue: Queue[Key],
    reconciler: Reconciler,
    freshness: Freshness,
    clock: Callable[[], float],
) -> None:
    """Read all comparisons again and again, whether or not the server answers."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            await resync(api, configuration, queue, reconciler, freshness, clock)
        except Foreseen as error:
            logger.warning("comparisons could not be read: %s", error)
        freshness.looped(clock())


async def resync(
    api: Api,
    configuration: Configuration,
    queue: Queue[Key],
    reconciler: Reconciler,
    freshness: Freshness,
    clock: Callable[[], float],
) -> None:
    """Have every comparison looked at of which the watches owe something; forget what is gone."""
    phases: Counter[str] = Counter()
    there = set()
    # Before the lists: what comes meanwhile is not gone.
    known = freshness.known()
    for namespace in configuration.namespaces or (None,):
        for item in await api.list(paths.comparisons(namespace)):
            key = key_of_comparison(item)
            if key is None:
                continue
            there.add(key)
            phases[text_at(item, "status", "phase") or "Pending"] += 1
            uid = text_at(item, "metadata", "uid") or ""
            version = text_at(item, "metadata", "resourceVersion") or ""
            if not freshness.read(key, uid, version, clock()):
                queue.add(key)
    for late in freshness.late(clock(), EVERY):
        queue.add(late)
    now = freshness.known()
    for gone in known.keys() - there:
        if now.get(gone) != known[gone]:
            # Told since: one of the same name may have come after the list was made.
            continue
        reconciler.forget(gone)
        queue.forget(gone)
    metrics.count_phases(dict(phases))
    metrics.WATCH_LAG.set(freshness.lag(clock()))
    metrics.QUEUE.set(len(queue))
