from tests.operator.kubernetes.builders import START, item

from diptych.kubernetes.apply import event_of, merge_patch
from diptych.kubernetes.comparison import comparison_of
from diptych.kubernetes.decision import Notice


def test_a_patch_has_what_changed_and_null_for_what_is_gone() -> None:
    old = {"a": 1, "b": {"x": 1, "y": 2}, "c": [1, 2], "d": "gone"}
    new = {"a": 1, "b": {"x": 1, "z": 3}, "c": [2], "e": {"f": {}}}
    assert merge_patch(old, new) == {
        "b": {"y": None, "z": 3}, "c": [2], "d": None, "e": {"f": {}},
    }  # fmt: skip
    assert merge_patch(new, new) == {}
    assert merge_patch("garbage", new) == new


def test_an_event_s_name_follows_from_what_it_tells_and_sorts_by_it() -> None:
    comparison = comparison_of(item())
    reasons = ("Accepted", "JobsCreated", "ErrImagePull", "Unschedulable")
    names = [
        event_of(comparison, Notice("Normal", reason, "b"), "7", START)["metadata"]["name"]
        for reason in reasons
    ]
    assert names == sorted(set(names))
    # Whatever else is told with it this time, and in whichever words.
    again = event_of(comparison, Notice("Warning", "JobsCreated", "c"), "7", START)
    assert again["metadata"]["name"] == names[1] == "mlp.00000000000705jobscreated"
    odd = event_of(comparison, Notice("Warning", "Odd:" + "x" * 200, "c"), "7", START)
    assert len(odd["metadata"]["name"]) <= 253
    assert ":" not in odd["metadata"]["name"]
