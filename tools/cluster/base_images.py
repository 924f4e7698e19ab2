"""Plain Python images where no registry can be reached: the distribution, and a Python put on it.

They stand in for `python:X-slim`, which users build from. The distribution comes by debootstrap
from wherever apt gets its packages here; the Python is one that pyenv or uv has installed.
"""

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tools.cluster import buildah
from tools.cluster.binaries import Say, cluster_cache, say
from tools.cluster.errors import ClusterError, NotHere

from diptych.local.cache import locked
from diptych.local.errors import PythonMissing
from diptych.local.interpreters import find_python

#: What interpreters, the standard library's modules and wheels are linked with.
LIBRARIES = (
    *("libbz2-1.0", "libffi8", "liblzma5", "libncursesw6", "libreadline8", "libsqlite3-0"),
    *("libssl3", "libstdc++6", "libuuid1", "zlib1g"),
)
DISTRIBUTION = """\
FROM scratch
ADD {archive} /
ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin LANG=C.UTF-8
"""
PYTHON = """\
FROM {base}
ADD {archive} /usr/local/
RUN ldconfig && python3 -m ensurepip && ln -sf pip3 /usr/local/bin/pip
"""
#: Of a Python's folder: its own tests, what somebody installed there, and what is made again.
LEFT_OUT = (
    *("/test/", "/tests/", "/site-packages/", "/__pycache__/", "/share/", ".a"),
    "/EXTERNALLY-MANAGED",  # uv's Pythons refuse packages otherwise; this copy is ours
)


def python_template(minors: Iterable[str], report: Say = say) -> str:
    """Make an image of each Python where it is missing; return their name with {python} in it."""
    recipe = hashlib.sha256(repr((LIBRARIES, DISTRIBUTION, PYTHON, LEFT_OUT)).encode()).hexdigest()
    template = f"localhost/diptych-python-{recipe[:12]}:{{python}}"
    with locked(cluster_cache() / "base-images.lock", lambda: report("images: waiting")):
        for minor in minors:
            if not buildah.exists(template.format(python=minor)):
                _python(minor, template, report)
    return template


def _python(minor: str, template: str, report: Say) -> None:
    base = template.format(python="none")
    if not buildah.exists(base):
        _distribution(base, report)
    prefix = _prefix_of(minor, report)
    report(f"images: Python {minor} from {prefix}")
    with tempfile.TemporaryDirectory() as scratch:
        with tarfile.open(Path(scratch) / "python.tar", "w") as tar:
            for folder in ("bin", "lib", "include"):
                tar.add(prefix / folder, folder, filter=_wanted)
        buildah.build(template.format(python=minor), PYTHON, Path(scratch), "python.tar", base)


def _wanted(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    path = f"/{entry.name}{'/' if entry.isdir() else ''}"
    if any(part in path if part.endswith("/") else path.endswith(part) for part in LEFT_OUT):
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


def _prefix_of(minor: str, report: Say) -> Path:
    """Return an installed Python's folder; raise NotHere for none, and for the system's own."""
    try:
        interpreter = find_python(minor, "an image of a test cluster", report)
    except PythonMissing as error:
        raise NotHere(str(error)) from error
    asked = subprocess.run(
        [interpreter, "-I", "-c", "import sys; print(sys.base_prefix)"],
        capture_output=True,
        text=True,
        check=True,
    )
    prefix = Path(asked.stdout.strip())
    if prefix in {Path("/usr"), Path("/usr/local")}:
        raise NotHere(
            f"{interpreter} is spread over {prefix} and cannot be copied into an image: install "
            "that Python with uv or pyenv"
        )
    return prefix


def _distribution(name: str, report: Say) -> None:
    if shutil.which("debootstrap") is None:
        raise NotHere("no debootstrap: tools/cluster/install-node.sh installs it")
    site, suite = _source()
    report(f"images: {suite} by debootstrap (about a minute)")
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "root"
        _run(
            "debootstrap",
            "--variant=minbase",
            f"--include={','.join(LIBRARIES)}",
            suite,
            root,
            site,
        )
        for unneeded in ("var/cache/apt", "var/lib/apt/lists"):
            shutil.rmtree(root / unneeded)
        archive = Path(scratch) / "root.tar"
        _run("tar", "--numeric-owner", "-C", root, "-cf", archive, "--exclude=./dev/*", ".")
        buildah.build(name, DISTRIBUTION, Path(scratch), "root.tar")


def _source() -> tuple[str, str]:
    """Return where apt gets this distribution's packages, and which release it is."""
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    )
    for line in told.stdout.splitlines():
        site, _, suite = line.partition(" ")
        if suite and "-" not in suite:  # neither -updates nor -security
            return site, suite
    raise NotHere("apt knows no source of packages: a local base image takes Debian or Ubuntu")


def _run(*command: str | Path) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        said = (ended.stdout + ended.stderr)[-1500:]
        raise ClusterError(f"{' '.join(map(str, command))}: {said}")
