from tests.operator.kubernetes.builders import item

from diptych.kubernetes.handlers import key_of_comparison, key_of_owner
from diptych.kubernetes.keys import Key

OWNER = {
    "apiVersion": "diptych.dev/v1alpha1",
    "kind": "VersionComparison",
    "name": "mlp",
    "controller": True,
}


def test_a_comparison_is_its_own_key_and_a_job_its_owner_s() -> None:
    assert key_of_comparison(item()) == Key("team", "mlp")
    job = {"metadata": {"namespace": "team", "name": "j", "ownerReferences": [{}, OWNER]}}
    assert key_of_owner(job) == Key("team", "mlp")
    assert str(Key("team", "mlp")) == "team/mlp"


def test_whatever_else_is_sent_is_nobody_s() -> None:
    for garbage in ({}, {"metadata": None}, {"metadata": {"ownerReferences": "x"}}, None, 7):
        assert key_of_comparison(garbage) is None
        assert key_of_owner(garbage) is None
    for change in ({"kind": "Other"}, {"controller": None}, {"apiVersion": "v1"}, {"name": 7}):
        job = {"metadata": {"namespace": "team", "ownerReferences": [OWNER | change]}}
        assert key_of_owner(job) is None
