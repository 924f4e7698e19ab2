"""Proof that the watches progress: what was read from the server, a watch must tell soon after.

Whatever a look reads (the operator's own writes too) has a resourceVersion; the watch of its kind
must bring it, or a later one, within minutes. A watch that does not is stalled, however alive its
connection looks. Nothing is written for it. This module does no I/O; times are the caller's.
"""

from collections.abc import Iterable

from diptych.kubernetes.keys import Key

#: A change that no watch told in so many times the longest silence means a stalled watch: two
#: reconnections were of no use.
SILENCES = 2.5
#: Seconds after which the loop that reads all comparisons is believed to hang.
LOOP_AFTER = 300.0


class Freshness:
    """What the watches told of each object, and what they still owe, by its comparison."""

    def __init__(self, now: float, silence: float) -> None:
        """Begin with nothing owed; a watch that is silent for so many seconds is opened anew."""
        self._stalled_after = SILENCES * silence
        self._told: dict[Key, dict[str, int]] = {}
        self._owed: dict[Key, dict[str, tuple[int, float]]] = {}
        self._loop = now

    def told(self, key: Key, uid: str, version: str) -> None:
        """Take note of what a watch told about an object."""
        number = _number(version)
        self._told.setdefault(key, {})[uid] = number
        owed = self._owed.get(key, {})
        if uid in owed and owed[uid][0] <= number:
            del owed[uid]

    def read(self, key: Key, uid: str, version: str, now: float) -> bool:
        """Take note of what a look read; return whether a watch told it already."""
        number = _number(version)
        if self._told.get(key, {}).get(uid, -1) >= number:
            return True
        # The first change that is owed stays: later ones must not keep making it young.
        self._owed.setdefault(key, {}).setdefault(uid, (number, now))
        return False

    def keep_only(self, key: Key, uids: Iterable[str]) -> None:
        """Forget objects of a comparison that are no more."""
        there = set(uids)
        for uid in self._told.get(key, {}).keys() - there:
            del self._told[key][uid]
        for uid in self._owed.get(key, {}).keys() - there:
            del self._owed[key][uid]

    def forget(self, key: Key) -> None:
        """Forget a comparison that is no more, with its objects."""
        self._told.pop(key, None)
        self._owed.pop(key, None)

    def known(self) -> dict[Key, dict[str, int]]:
        """Return the comparisons that are known, with what the watches have told of each so far."""
        return {key: dict(self._told.get(key, {})) for key in {*self._told, *self._owed}}

    def late(self, now: float, seconds: float) -> list[Key]:
        """Return the comparisons of which something is owed for longer than that."""
        return [
            key
            for key, owed in self._owed.items()
            if any(now - since > seconds for _, since in owed.values())
        ]

    def looped(self, now: float) -> None:
        """Take note that the loop that reads all comparisons came round."""
        self._loop = now

    def lag(self, now: float) -> float:
        """Return the age of the oldest change that no watch has told yet."""
        since = [since for owed in self._owed.values() for _, since in owed.values()]
        return max((now - each for each in since), default=0.0)

    def complaint(self, now: float) -> str | None:
        """Return why the process should be started anew, or None when it should not."""
        if self.lag(now) > self._stalled_after:
            return f"a watch has not told a change for {self.lag(now):.0f} s"
        if now - self._loop > LOOP_AFTER:
            return f"the comparisons were last read {now - self._loop:.0f} s ago"
        return None


def _number(version: str) -> int:
    """Return a resourceVersion as a number: within one kind they grow."""
    return int(version) if version.isdigit() else 0
