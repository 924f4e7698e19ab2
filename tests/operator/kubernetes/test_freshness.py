from diptych.kubernetes.freshness import LOOP_AFTER, Freshness
from diptych.kubernetes.keys import Key

KEY = Key("team", "mlp")


def test_what_was_read_is_owed_until_a_watch_tells_it() -> None:
    freshness = Freshness(0, silence=70)
    assert not freshness.read(KEY, "u", "7", now=10)
    assert freshness.lag(now=15) == 5
    freshness.told(KEY, "u", "6")
    assert freshness.lag(now=15) == 5
    freshness.told(KEY, "u", "8")
    assert freshness.lag(now=15) == 0
    assert freshness.read(KEY, "u", "8", now=20)


def test_later_changes_do_not_make_an_old_debt_young() -> None:
    freshness = Freshness(0, silence=70)
    for number in range(5):
        freshness.read(KEY, "u", str(number), now=number)
    assert freshness.lag(now=5) == 5
    assert freshness.late(now=5, seconds=4) == [KEY]
    assert freshness.late(now=5, seconds=6) == []


def test_a_stalled_watch_is_complained_of_and_a_live_one_is_not() -> None:
    freshness = Freshness(0, silence=70)
    freshness.read(KEY, "u", "7", now=0)
    assert freshness.complaint(175) is None
    assert "has not told a change" in str(freshness.complaint(176))
    freshness.told(KEY, "u", "7")
    assert freshness.complaint(176) is None


def test_a_loop_that_hangs_is_complained_of() -> None:
    freshness = Freshness(0, silence=70)
    assert freshness.complaint(LOOP_AFTER) is None
    assert "were last read" in str(freshness.complaint(LOOP_AFTER + 1))
    freshness.looped(LOOP_AFTER)
    assert freshness.complaint(LOOP_AFTER + 1) is None


def test_objects_that_are_gone_are_owed_no_more() -> None:
    freshness = Freshness(0, silence=70)
    freshness.read(KEY, "comparison", "1", now=0)
    freshness.read(KEY, "job", "2", now=0)
    freshness.told(KEY, "comparison", "1")
    freshness.keep_only(KEY, ["comparison"])
    assert freshness.lag(now=99) == 0
    freshness.read(KEY, "comparison", "9", now=0)
    freshness.forget(KEY)
    assert freshness.lag(now=99) == 0
    assert freshness.known() == {}
