"""Builds the operator's, the analysis's and the runners' images: `make images`; and MinIO's.

With Docker, Podman or Buildah, whichever answers first. The same Dockerfiles build from public base
images, and from local ones where no registry can be reached (`--python-base`).
"""

import argparse
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.cluster.binaries import program
from tools.cluster.errors import ClusterError

from diptych_runner.contract.frameworks import DEFAULT, frameworks
from diptych_runner.contract.tables import Environment, environments

ROOT = Path(__file__).resolve().parents[1]
BUILDERS = ("docker", "podman", "buildah")
#: All but the last are built where none is named.
KINDS = ("operator", "analysis", "runner", "minio")
#: MinIO's module is of this day; manifests/components/minio names the same.
MINIO = "diptych-minio:20260212"
#: The versions of the quickstart.
VERSIONS = "2.4.0 2.13.1"
PYTHON_BASE = "docker.io/library/python:{python}-slim"
#: The Python of operator and analysis.
PYTHON = "3.13"


@dataclass(frozen=True)
class Image:
    """One image to build."""

    name: str
    dockerfile: str
    arguments: dict[str, str]
    context: Path = ROOT


def release() -> str:
    """Return the version that images of operator and analysis are tagged with."""
    document = tomllib.loads((ROOT / "operator" / "pyproject.toml").read_text(encoding="utf-8"))
    return str(document["project"]["version"])


def images_of(options: argparse.Namespace) -> list[Image]:
    """Return what to build, in order; raise ValueError for what is not known."""
    kinds = options.kinds or KINDS[:-1]
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of image: {', '.join(KINDS)} are")
    found = [
        Image(
            f"{options.prefix}diptych-{kind}:{options.tag}",
            f"{kind}/Dockerfile",
            {"BASE": options.python_base.format(python=PYTHON)},
        )
        for kind in ("operator", "analysis")
        if kind in kinds
    ]
    if "runner" in kinds:
        found += [_runner(options, version) for version in options.versions.split()]
    if "minio" in kinds:
        found.append(_minio(options.prefix))
    return found


def _runner(options: argparse.Namespace, version: str) -> Image:
    row = _row(options.framework, version)
    return Image(
        f"{options.prefix}diptych-runner:{row.framework}-{version}",
        "jobimage/Dockerfile",
        {
            "BASE": _base(row, options),
            "FRAMEWORK": row.framework,
            "VERSION": version,
            "ACCELERATOR": options.accelerator,
        },
    )


def _minio(prefix: str) -> Image:
    """Return the image of the binary alone, which is built first where it is missing."""
    dockerfile = "manifests/components/minio/Dockerfile"
    return Image(prefix + MINIO, dockerfile, {}, context=program("minio").parent)


def _base(row: Environment, options: argparse.Namespace) -> str:
    """Return the framework's own image for GPUs, which brings CUDA, else a plain Python."""
    if options.accelerator == "gpu":
        return f"docker.io/{row.image}" if "/" in row.image else f"docker.io/library/{row.image}"
    base: str = options.python_base.format(python=row.python)
    return base


def _row(framework: str, version: str) -> Environment:
    rows = {row.version: row for row in environments(framework)}
    if version not in rows:
        raise ValueError(
            f"version {version!r} is not in the environment table: {', '.join(rows)}; build "
            "jobimage/Dockerfile with an image of yours as BASE, or add a row (CONTRIBUTING.md)"
        )
    return rows[version]


def builder_here(asked: str | None) -> str:
    """Return the first builder that answers; raise ValueError when none does."""
    tried = [asked] if asked else list(BUILDERS)
    for name in tried:
        path = shutil.which(name)
        if (
            path
            and subprocess.run([path, "info"], capture_output=True, check=False).returncode == 0
        ):
            return path
    raise ValueError(
        f"no builder of images answers ({', '.join(tried)}): install Docker, Podman or Buildah, "
        "and start it"
    )


def command(builder: str, image: Image, ca: Path | None) -> list[str]:
    """Return the command line that builds one image."""
    verb = ["bud"] if Path(builder).name == "buildah" else ["build"]
    secret = [] if ca is None else ["--secret", f"id=ca,src={ca}"]
    arguments = [f"--build-arg={name}={value}" for name, value in image.arguments.items()]
    return [
        *(builder, *verb, *secret, *arguments),
        *("--tag", image.name, "--file", str(ROOT / image.dockerfile), str(image.context)),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the images that the arguments name; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        images = images_of(options)
        if options.names:
            print("\n".join(image.name for image in images))
            return 0
        builder = builder_here(options.builder)
    except (ValueError, ClusterError) as error:
        print(error, file=sys.stderr)
        return 2
    for place, image in enumerate(images, start=1):
        base = image.arguments.get("BASE", "nothing but its binary")
        print(f"[{place}/{len(images)}] {image.name} from {base}", flush=True)
        built = subprocess.run(command(builder, image, options.ca), check=False)
        if built.returncode != 0:
            print(f"{image.name} could not be built; the reason is above", file=sys.stderr)
            return 1
    print("\n".join(image.name for image in images))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.images", description=__doc__)
    parser.add_argument(
        "kinds", nargs="*", metavar="kind", help=", ".join(KINDS) + "; the first three"
    )
    parser.add_argument("--framework", choices=list(frameworks()), default=DEFAULT)
    parser.add_argument("--versions", default=VERSIONS, help="of the runners, in one argument")
    parser.add_argument(
        "--accelerator",
        choices=["cpu", "gpu"],
        default="gpu",
        help="gpu: on the framework's own image; cpu: smaller, on a plain Python image",
    )
    parser.add_argument("--prefix", default="", help="such as registry/team/ (with the slash)")
    parser.add_argument("--tag", default=release(), help="of operator and analysis")
    parser.add_argument("--python-base", default=PYTHON_BASE, help="template with {python}")
    parser.add_argument("--builder", choices=BUILDERS)
    parser.add_argument("--names", action="store_true", help="print names and build nothing")
    parser.add_argument("--ca", type=Path, help="certificates to trust while building")
    return parser


if __name__ == "__main__":
    sys.exit(main())
