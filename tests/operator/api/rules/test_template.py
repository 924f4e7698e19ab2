from collections.abc import Callable
from typing import Any

Told = Callable[..., list[tuple[str, str]]]

EMPTY = {"name": "v", "emptyDir": {}}


def spec(**fields: object) -> dict[str, Any]:
    return {"spec": fields}


def test_a_volume_has_one_source(told: Told) -> None:
    two = {"name": "v", "emptyDir": {}, "configMap": {"name": "c"}}
    [(path, message)] = told(template=spec(volumes=[two]))
    assert path == "spec.template.spec.volumes[0]"
    assert message.endswith("got configMap and emptyDir")
    for none in ({"name": "v"}, {"name": "v", "emptyDir": None}):
        assert len(told(template=spec(volumes=[none]))) == 1
    assert told(template=spec(volumes=[EMPTY])) == []


def test_names_and_paths_stand_once(told: Told) -> None:
    mount = {"name": "v", "mountPath": "/v"}
    template = spec(volumes=[EMPTY, EMPTY], volumeMounts=[mount, mount])
    assert [path for path, _ in told(template=template)] == [
        "spec.template.spec.volumeMounts[1].mountPath",
        "spec.template.spec.volumes[1].name",
    ]


def test_a_mount_names_a_volume(told: Told) -> None:
    template = spec(volumes=[EMPTY], volumeMounts=[{"name": "w", "mountPath": "/v"}])
    assert [path for path, _ in told(template=template)] == [
        "spec.template.spec.volumeMounts[0].name"
    ]


def test_names_and_folders_of_ours_are_reserved(told: Told) -> None:
    volumes = [{"name": "diptych-plan", "emptyDir": {}}, {"name": "temporary", "emptyDir": {}}]
    mounts = [
        {"name": "temporary", "mountPath": path}
        for path in ("/etc/diptych/", "/opt/diptych/x", "/etc/diptych-data", "/optx")
    ]
    assert told(template=spec(volumes=volumes, volumeMounts=mounts)) == [
        (
            "spec.template.spec.volumeMounts[0].mountPath",
            '"/etc/diptych/" is reserved: /etc/diptych is Diptych\'s own',
        ),
        (
            "spec.template.spec.volumeMounts[1].mountPath",
            '"/opt/diptych/x" is reserved: /opt/diptych is Diptych\'s own',
        ),
        (
            "spec.template.spec.volumes[0].name",
            '"diptych-plan" is reserved: diptych- is Diptych\'s own',
        ),
    ]


def test_a_path_of_the_node_cannot_be_mounted(told: Told) -> None:
    host = {"name": "v", "hostPath": {"path": "/"}}
    paths = [path for path, _ in told(template=spec(volumes=[host]))]
    assert "spec.template.spec.volumes[0].hostPath" in paths
