"""One comparison, one look: observe, decide, apply. The only place where the three meet."""

import dataclasses
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from diptych.api.storage import Storage
from diptych.kubernetes import apply, endings, leftovers, metrics, names, observe, paths
from diptych.kubernetes.api import Api
from diptych.kubernetes.comparison import Comparison, Refused, accept, comparison_of
from diptych.kubernetes.configuration import Configuration
from diptych.kubernetes.decide import decide, explain_after
from diptych.kubernetes.decision import NOTHING, Decision
from diptych.kubernetes.errors import Conflict
from diptych.kubernetes.freshness import Freshness
from diptych.kubernetes.handlers import is_watched, key_of_owner
from diptych.kubernetes.jobs import Children
from diptych.kubernetes.keys import Key
from diptych.kubernetes.looks import looks_at
from diptych.kubernetes.observed import Looked, Observed
from diptych.kubernetes.throttle import wait_before

logger = logging.getLogger(__name__)

Body = dict[str, Any]

#: Seconds after which a comparison that somebody else wrote is read again, twice as many after each
#: conflict that follows, and at most.
_AFTER_CONFLICT, _AFTER_CONFLICTS = 0.1, 60.0
#: Seconds between two looks for the images that run, while one is not known yet.
_IDENTIFY_EVERY = 2.0


@dataclasses.dataclass
class Memory:
    """What is remembered of a comparison between looks; all of it may be lost."""

    uid: str
    #: What it began with: the ConfigMap that says so never changes, and may be deleted by hand.
    storage: Storage | None = None
    #: Conflicts since the last look that went well.
    conflicts: int = 0
    last_write: float | None = None
    last_identified: float | None = None
    last_explained: float | None = None
    last_ran: float | None = None
    looked: dict[str, Looked] = dataclasses.field(default_factory=dict)
    #: The Jobs, by uid, of which the images of some pods are in the status.
    identified: set[str] = dataclasses.field(default_factory=set)
    #: Since when pods of earlier rounds are waited for, by their version's place.
    left_since: dict[int, float] = dataclasses.field(default_factory=dict)
    #: The status as it is, and the resourceVersion that it was first read at: an edit of the spec
    #: meanwhile must not give the Events of its end other names.
    status: Mapping[str, Any] | None = None
    status_version: str = ""


class Reconciler:
    """Looks at comparisons; `clock` measures waits, `today` is the time that statuses have."""

    def __init__(
        self,
        api: Api,
        configuration: Configuration,
        freshness: Freshness,
        clock: Callable[[], float],
        today: Callable[[], datetime],
    ) -> None:
        """Take the server, the operator's defaults, the proof of the watches, and two clocks."""
        self._api = api
        self._configuration = configuration
        self._freshness = freshness
        self._clock = clock
        self._today = today
        self._memories: dict[Key, Memory] = {}

    def forget(self, key: Key) -> None:
        """Forget a comparison that is no more."""
        self._memories.pop(key, None)
        self._freshness.forget(key)

    async def look(self, key: Key) -> float | None:
        """Look at a comparison and do what is due; return the seconds until the next look."""
        with metrics.RECONCILE_SECONDS.time():
            try:
                again = await self._look(key)
            except Conflict:
                metrics.RECONCILES.labels(result="conflict").inc()
                return self._after_conflict(key)
            except Exception:
                metrics.RECONCILES.labels(result="error").inc()
                self._unwritten(key)
                raise
        metrics.RECONCILES.labels(result="done").inc()
        if key in self._memories:
            self._memories[key].conflicts = 0
        return again

    def _after_conflict(self, key: Key) -> float:
        """Return when to look again at what somebody else wrote; one that stays is no hot loop."""
        memory = self._unwritten(key)
        if memory is None:
            return _AFTER_CONFLICT
        # Another operator may have written down another store before us.
        memory.storage = None
        delay: float = min(_AFTER_CONFLICT * 2.0 ** min(memory.conflicts, 10), _AFTER_CONFLICTS)
        memory.conflicts += 1
        return delay

    def _unwritten(self, key: Key) -> Memory | None:
        """Have images that may be in no status looked for again; return what is remembered."""
        memory = self._memories.get(key)
        if memory is not None:
            memory.identified.clear()
        return memory

    async def _look(self, key: Key) -> float | None:
        item = await self._api.get(paths.comparison(key.namespace, key.name))
        if item is None:
            self.forget(key)
            return None
        comparison = comparison_of(item)
        memory = self._memory_of(key, comparison)
        if memory.status != comparison.past.raw:
            memory.status, memory.status_version = comparison.past.raw, comparison.resource_version
        self._read(key, comparison.uid, comparison.resource_version)
        decision = await self._decided(key, comparison, memory)
        return await self._written(key, comparison, memory, decision)

    def _memory_of(self, key: Key, comparison: Comparison) -> Memory:
        """Return what is remembered of this comparison, and of none that had its name before."""
        memory = self._memories.get(key)
        if memory is None or memory.uid != comparison.uid:
            memory = self._memories[key] = Memory(comparison.uid)
        return memory

    async def _decided(self, key: Key, comparison: Comparison, memory: Memory) -> Decision:
        """Return what is to be done, with the children made already."""
        if comparison.is_deleted or comparison.past.is_finished:
            # Its Jobs are read no more: what a watch owes of them would be owed for ever.
            self._freshness.keep_only(key, [comparison.uid])
        if comparison.is_deleted:
            return NOTHING
        if comparison.past.is_finished:
            memory.looked.clear()
            return endings.after_end(comparison, await self._left(comparison), self._today())
        items = await observe.jobs_of(self._api, comparison)
        self._read_jobs(key, comparison, items)
        children = observe.children(items, comparison)
        if memory.storage is None:
            memory.storage = await observe.storage_of(self._api, comparison)
        accepted = accept(comparison, self._configuration, memory.storage, children)
        if isinstance(accepted, Refused):
            return endings.refuse(comparison, accepted, children, self._today())
        observed = await self._looked(Observed(comparison, accepted, children), memory)
        there = await observe.leftovers(self._api, comparison, leftovers.suspects(observed))
        waited_for = leftovers.waited_for(there, memory.left_since, self._clock())
        observed = dataclasses.replace(observed, leftovers=waited_for)
        decision = decide(observed, self._configuration, self._today())
        refusals = await apply.create_children(self._api, comparison, decision.create)
        if refusals:
            told = dataclasses.replace(observed, refusals=refusals)
            why = endings.never_made(told)
            # Another version's may have been made just before, by us or by another operator.
            if why and not await observe.jobs_of(self._api, comparison):
                return endings.refuse(comparison, why, children, self._today())
            decision = decide(told, self._configuration, self._today())
        return decision

    async def _left(self, comparison: Comparison) -> Children:
        """Return the Jobs that may be left at the end: where it was given up, for they were open.

        They are deleted after the end was written, and that may have been cut off.
        """
        kept = (names.STORE_UNREACHABLE, names.DEADLINE_EXCEEDED)
        if comparison.past.reason(names.FINISHED) not in kept:
            return Children({})
        return observe.children(await observe.jobs_of(self._api, comparison), comparison)

    async def _looked(self, observed: Observed, memory: Memory) -> Observed:
        """Return what was observed with what pods tell; reasons are looked for now and then."""
        now = self._clock()
        if memory.last_explained is None and not observed.comparison.past.raw:
            # What was made just now has had no time to start: there is nothing to explain yet.
            memory.last_explained = now
        explained = memory.last_explained
        every = explain_after(observed, self._today()).total_seconds()
        may_explain = explained is None or now - explained >= every * 0.9
        identified = memory.last_identified
        may_identify = identified is None or now - identified >= _IDENTIFY_EVERY
        looks = looks_at(
            observed.comparison,
            observed.accepted,
            observed.children,
            may_identify=may_identify,
            may_explain=may_explain,
            identified=memory.identified,
        )
        seen = await observe.look(self._api, observed.comparison.namespace, looks, self._today())
        if may_identify and looks:
            memory.last_identified = now
        memory.identified |= {
            uid for uid, each in seen.items() if any(pod.image_id for pod in each.pods)
        }
        if may_explain:
            memory.last_explained = now
            memory.looked = seen
        if any(job.ready for job in observed.children.all):
            memory.last_ran = now
        idle = None if memory.last_ran is None else timedelta(seconds=now - memory.last_ran)
        # Between two looks for reasons the last ones stand, or the status would flicker.
        looked = dict(seen)
        for uid, before in () if may_explain else memory.looked.items():
            looked[uid] = before.also(seen.get(uid, Looked()))
        return dataclasses.replace(observed, looked=looked, idle=idle, is_explained=may_explain)

    async def _written(
        self, key: Key, comparison: Comparison, memory: Memory, decision: Decision
    ) -> float | None:
        """Write the status if it is due, with what goes with it; return when to look again."""
        again = _seconds(decision.look_again)
        now = self._clock()
        if decision.status is not None:
            wait = wait_before(urgent=decision.urgent, last_write=memory.last_write, now=now)
            if wait > 0:
                return wait if again is None else min(wait, again)
            if decision.notices:
                await apply.stands(self._api, comparison)
            for notice in decision.notices:
                logger.info("%s: %s: %s", key, notice.reason, notice.message)
            notices, ended = decision.notices, memory.status_version
            await apply.post(self._api, comparison, notices, ended, self._today())
            version = await apply.write_status(self._api, comparison, decision.status)
            memory.last_write = now
            if version is None:
                self.forget(key)
                return None
            self._read(key, comparison.uid, version)
        await apply.delete_rest(self._api, comparison, decision)
        return again

    def _read(self, key: Key, uid: str, version: str) -> None:
        self._freshness.read(key, uid, version, self._clock())

    def _read_jobs(self, key: Key, comparison: Comparison, items: list[Body]) -> None:
        """Have the watch of Jobs prove itself by what was read of them."""
        # A copy or a relabelled Job is not among those that the watch tells, and owes nothing.
        told = [each for each in items if key_of_owner(each) == key and is_watched(each)]
        there = [(each["metadata"]["uid"], each["metadata"]["resourceVersion"]) for each in told]
        for uid, version in there:
            self._read(key, uid, version)
        self._freshness.keep_only(key, [comparison.uid, *(uid for uid, _ in there)])


def _seconds(delay: timedelta | None) -> float | None:
    return None if delay is None else delay.total_seconds()
