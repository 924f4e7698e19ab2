"""Buildah, as root and without user namespaces: ordinary Dockerfiles, no daemon."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tools.cluster.errors import ClusterError

#: What an image was made of, so that it is made once.
CONTENT = "dev.diptych.content"
ENVIRONMENT = {
    "STORAGE_DRIVER": "overlay",
    "BUILDAH_ISOLATION": "chroot",  # a container in a container needs rights that few have
    "BUILDAH_LAYERS": "true",
}


def exists(name: str) -> bool:
    """Tell whether there is an image of this name."""
    return _run("images", "--quiet", name, check=False).returncode == 0


def names() -> list[str]:
    """Return the names of all images that have one, with their tags."""
    listed = _run("images", "--json").stdout
    return [name for image in json.loads(listed) for name in image["names"] or []]


def remove(images: Sequence[str]) -> None:
    """Remove images, and the layers that no other one has."""
    _run("rmi", *images)


def content_of(name: str) -> str | None:
    """Return what an image's label says that it was made of, None where there is no image."""
    template = f'{{{{index .OCIv1.Config.Labels "{CONTENT}"}}}}'
    asked = _run("inspect", "--type", "image", "--format", template, name, check=False)
    return asked.stdout.strip() if asked.returncode == 0 else None


def build(name: str, dockerfile: str, context: Path, archive: str, base: str = "") -> None:
    """Build an image from the text of a Dockerfile that adds one archive of the context."""
    (context / "Dockerfile").write_text(dockerfile.format(archive=archive, base=base))
    _run("bud", "--tag", name, str(context))


def save(name: str, archive: Path, known_as: str) -> None:
    """Write an image to an archive, under the name that a cluster will know it by."""
    _run("push", "--quiet", name, f"docker-archive:{archive}:{known_as}")


def run(command: list[str], *, check: bool = True) -> "subprocess.CompletedProcess[str]":
    """Run a command line of Buildah; raise ClusterError with the end of what it said."""
    ended = subprocess.run(
        command, env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True, check=False
    )
    if check and ended.returncode != 0:
        raise ClusterError(f"{' '.join(command)}: {(ended.stdout + ended.stderr)[-3000:]}")
    return ended


def _run(*arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
    return run(["buildah", *arguments], check=check)
