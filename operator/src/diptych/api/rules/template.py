"""A volume has one source and one name, a mount names a volume, and neither is one of ours."""

import posixpath
from collections.abc import Iterator

from diptych.api.problems import Finding, Path, nearest
from diptych.api.raw import Document, list_at, names_in, text_at
from diptych.api.rules.unique import repeated

SOURCES = ("persistentVolumeClaim", "configMap", "emptyDir")
#: Volumes of the operator's own begin so, and these folders are theirs or the runner's.
OUR_VOLUMES = "diptych-"
OUR_FOLDERS = ("/tmp", "/etc/diptych", "/etc/diptych-ca", "/etc/diptych-module", "/opt/diptych")  # noqa: S108 - paths in a pod
_HERE: Path = ("spec", "template", "spec")


def check(document: Document) -> Iterator[Finding]:
    """Yield repeated and reserved names and paths, volumes without one source, stray mounts."""
    for name, key in (("volumes", "name"), ("volumeMounts", "mountPath")):
        yield from _repeated(document, name, key)
    yield from _repeated(document, "imagePullSecrets", "name")
    for place, volume in enumerate(list_at(document, *map(str, _HERE), "volumes")):
        yield from _one_source((*_HERE, "volumes", place), volume)
        yield from _ours((*_HERE, "volumes", place, "name"), text_at(volume, "name") or "")
    yield from _mounts(document)


def _repeated(document: Document, name: str, key: str) -> Iterator[Finding]:
    items = names_in(list_at(document, *map(str, _HERE), name), key)
    for place, value, first in repeated(items):
        yield Finding(
            (*_HERE, name, place, key),
            f'Duplicate value: "{value[:63]}" is {name}[{first}] too',
            "keep one of them",
        )


def _one_source(path: Path, volume: object) -> Iterator[Finding]:
    if not isinstance(volume, dict):
        return
    given = [source for source in SOURCES if volume.get(source) is not None]
    if len(given) != 1:
        got = " and ".join(given) or "none"
        yield Finding(
            path, f"a volume has exactly one of {', '.join(SOURCES)}; got {got}", "give one"
        )


def _ours(path: Path, value: str) -> Iterator[Finding]:
    """Yield a name or a folder that pods have already."""
    folder = posixpath.normpath(value) + "/"
    inside = [ours for ours in OUR_FOLDERS if folder.startswith(ours + "/")]
    if inside or value.startswith(OUR_VOLUMES):
        yield Finding(
            path,
            f'"{value[:63]}" is reserved: {inside[0] if inside else OUR_VOLUMES} is Diptych\'s own',
            "choose another",
        )


def _mounts(document: Document) -> Iterator[Finding]:
    volumes = list_at(document, *map(str, _HERE), "volumes")
    names = [name for _, name in names_in(volumes)]
    for place, mount in enumerate(list_at(document, *map(str, _HERE), "volumeMounts")):
        name = text_at(mount, "name")
        yield from _ours(
            (*_HERE, "volumeMounts", place, "mountPath"), text_at(mount, "mountPath") or ""
        )
        if name is not None and name not in names:
            yield Finding(
                (*_HERE, "volumeMounts", place, "name"),
                f'"{name[:63]}" is not the name of a volume',
                "add the volume, or correct the name",
                nearest(name, names[:32]),
            )
