from diptych.api.workload import Module
from diptych.plan.modules import config_map_of

MODULE = Module(config_map="my-code", entrypoint="train:main")


def test_a_config_map_carries_the_files_and_cannot_change() -> None:
    made = config_map_of(MODULE, {"train.py": "x = 1\n", "helper.py": ""}, "team-a")
    assert made == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "my-code",
            "namespace": "team-a",
            "labels": {
                "app.kubernetes.io/managed-by": "diptych",
                "app.kubernetes.io/name": "diptych",
            },
        },
        "immutable": True,
        "data": {"helper.py": "", "train.py": "x = 1\n"},
    }


def test_without_a_namespace_it_goes_to_the_current_one() -> None:
    assert "namespace" not in config_map_of(MODULE, {}, None)["metadata"]
