"""Diptych's images for a test cluster: built from the ordinary Dockerfiles, once for each content.

The bases are local (`base_images`), for no registry can be reached; all else is as for users.
"""

import argparse
import hashlib
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path

from tools import images
from tools.cluster import buildah
from tools.cluster.base_images import python_template
from tools.cluster.binaries import Say, say
from tools.cluster.checkouts import build_lock, name_of
from tools.cluster.real_cluster import RealCluster

from diptych.local.cache import locked
from diptych_runner.contract.frameworks import DEFAULT
from diptych_runner.contract.tables import environments

#: What this machine trusts, where it says so: a build's downloads need it too.
CERTIFICATES = ("PIP_CERT", "SSL_CERT_FILE")
_LOCAL = "localhost/"
_OF_CHECKOUT = re.compile(rf"{_LOCAL}([0-9a-f]{{8}})/diptych-")


def provide(cluster: RealCluster, versions: Iterable[str], report: Say = say) -> list[str]:
    """Build what is missing and bring it to the node; return the names that pods use."""
    names = []
    for image in wanted(versions, report):
        content = ensure(image, report)
        name = image.name.rpartition("/")[2]
        _load(cluster, image.name, name, content, report)
        names.append(name)
    return names


def wanted(versions: Iterable[str], report: Say = say) -> list[images.Image]:
    """Return the images of operator, analysis, MinIO and each version's runner."""
    versions = list(versions)
    python_of = {row.version: row.python for row in environments(DEFAULT)}
    minors = {images.PYTHON, *(python_of[version] for version in versions)}
    options = argparse.Namespace(
        kinds=images.KINDS,
        framework=DEFAULT,
        prefix=f"{_checkout()}/",
        tag=images.release(),
        versions=" ".join(versions),
        accelerator="cpu",
        python_base=python_template(sorted(minors), report),
    )
    return images.images_of(options)


def ensure(image: images.Image, report: Say = say) -> str:
    """Build an image unless there is one of the same content; return what tells the content."""
    content = content_of(image)
    lock = build_lock(image.name)
    with locked(lock, lambda: report("images: another build is under way, waiting")):
        if buildah.content_of(image.name) != content:
            report(f"images: building {image.name}")
            command = images.command("buildah", image, _certificates())
            buildah.run([*command[:-1], "--label", f"{buildah.CONTENT}={content}", command[-1]])
    return content


def forget_others(checkouts: Collection[str], report: Say = say) -> list[str]:
    """Remove the images of checkouts that are none of these; return their names.

    After building, not before: the layers that both have need not be made again.
    """
    found = [
        name
        for name in buildah.names()
        if (match := _OF_CHECKOUT.match(name)) is not None and match[1] not in checkouts
    ]
    if found:
        report(f"images: removing {len(found)} of checkouts that are no more")
        buildah.remove(found)
    return found


def contents(versions: Iterable[str]) -> dict[str, str]:
    """Return what tells the present state of each image, and of the manifests."""
    manifests = hashlib.sha256()
    for path in sorted(_listed(images.ROOT, ["manifests", "crds"])):
        manifests.update(str(path.relative_to(images.ROOT)).encode() + b"\0" + path.read_bytes())
    made = {image.name.rpartition("/")[2]: content_of(image) for image in wanted(versions)}
    return {**made, "manifests": manifests.hexdigest()}


def content_of(image: images.Image) -> str:
    """Return a hash of the Dockerfile, its arguments, and every file that it copies."""
    dockerfile = (images.ROOT / image.dockerfile).read_text(encoding="utf-8")
    digest = hashlib.sha256(repr((dockerfile, sorted(image.arguments.items()))).encode())
    for path in _copied(dockerfile, image.context):
        digest.update(str(path.relative_to(image.context)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _copied(dockerfile: str, context: Path) -> list[Path]:
    """Return the files of the context that a Dockerfile copies."""
    joined = dockerfile.replace("\\\n", " ")
    sources = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", joined, re.MULTILINE)
        for source in shlex.split(line)[:-1]
    ]
    if context != images.ROOT:
        return [context / source for source in sources]
    return _listed(context, sources)


def _listed(folder: Path, names: list[str]) -> list[Path]:
    """Return the files of these names: not what git ignores, such as caches and environments."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *names],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted({folder / name for name in listed.stdout.split("\0") if name})


def _load(cluster: RealCluster, built: str, name: str, content: str, report: Say) -> None:
    """Bring an image to the node unless the node has the same one."""
    known_as = f"docker.io/library/{name}"
    has = cluster.ctr("images", "list", "--quiet", f'labels."{buildah.CONTENT}"=={content}')
    if known_as in has.split():
        return
    report(f"images: loading {name}")
    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch) / "image.tar"
        buildah.save(built, archive, known_as)
        cluster.load(archive)
    cluster.ctr("images", "label", known_as, f"{buildah.CONTENT}={content}")


def _certificates() -> Path | None:
    found = [Path(os.environ[name]) for name in CERTIFICATES if os.environ.get(name)]
    return next((path for path in found if path.is_file()), None)


def _checkout() -> str:
    """Return a name for this checkout: the image of another's sources is another image."""
    return f"{_LOCAL}{name_of(images.ROOT)}"
