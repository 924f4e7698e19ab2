"""Makes an image able to run one framework version's trials; jobimage/Dockerfile calls it.

A framework's own image brings its framework: then only its version is checked. Into a plain Python
image every package of the environment table is installed, and nothing is left to a resolver. boto3
goes into a folder of its own in both, in the last release for the image's Python.

Runs under the image's Python, 3.5 or later, with the runner on PYTHONPATH. `install` needs only the
tables of its contract, so that another runner is no reason to install a framework again; `check`
then looks at the image as a whole.
"""

import argparse
import importlib.util
import os
import subprocess
import sys
from typing import List, Optional

from diptych_runner.contract import frameworks, store_packages, tables
from diptych_runner.contract.versions import released

#: A certificate authority that the build was given as a secret, for a mirror behind a proxy.
CA_SECRET = "/run/secrets/ca"  # noqa: S105 - the path of a file of certificates
MINOR = "{}.{}".format(*sys.version_info)

#: What a GPU's driver brings into a container at run time; old frameworks do not import without.
_DRIVER = "libcuda.so.1"


class Unsuitable(Exception):
    """The base image and the version do not go together; the message says what to do."""


def main() -> int:
    """Install what is missing, or check what is there; return the exit code."""
    options = _parser().parse_args()
    try:
        options.step(options)
    except Unsuitable as error:
        sys.stderr.write("{}\n".format(error))
        return 1
    return 0


def _install(options: argparse.Namespace) -> None:
    """Install the framework where the base image has none, and boto3."""
    if importlib.util.find_spec(frameworks.named(options.framework).module) is not None:
        sys.stdout.write("{} is in the base image\n".format(options.framework))
    else:
        row = _row(options.framework, options.version)
        _pip([getattr(row, options.accelerator)] + row.pins)
    _pip(["--target", options.packages] + store_packages.store_packages(MINOR))


def _row(framework: str, version: str) -> tables.Environment:
    rows = tables.environments(framework)
    for row in rows:
        if row.version == version:
            if row.python != MINOR:
                raise Unsuitable(
                    "{} {} is pinned for Python {}, and this base image has {}: take "
                    "--build-arg BASE=python:{}-slim, or an image with {} in it".format(
                        framework, version, row.python, MINOR, row.python, framework
                    )
                )
            return row
    raise Unsuitable(
        "{} {} is not in the environment table ({}): take an image with it as BASE, or add a "
        "row (CONTRIBUTING.md)".format(framework, version, ", ".join(row.version for row in rows))
    )


def _pip(arguments: List[str]) -> None:
    environment = dict(os.environ, PIP_ROOT_USER_ACTION="ignore")
    if os.path.exists(CA_SECRET):
        environment["PIP_CERT"] = CA_SECRET
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-cache-dir"]
    command += ["--disable-pip-version-check"] + arguments
    sys.stdout.write("installing {}\n".format(" ".join(arguments)))
    sys.stdout.flush()
    if subprocess.call(command, env=environment) != 0:
        raise Unsuitable("pip could not install {}; its output is above".format(arguments[0]))


def _check(options: argparse.Namespace) -> None:
    """Compare the installed version, and import what a trial will import."""
    framework, version = options.framework, options.version
    found = _installed(framework)
    if found is None:
        raise Unsuitable(
            "{} is in the base image without a package's metadata, so that its version cannot be "
            "told: install it there with pip".format(framework)
        )
    if found != version:
        raise Unsuitable(
            "the base image holds {} {}, not {}: take another BASE, or VERSION={}".format(
                framework, found, version, found
            )
        )
    for module in (frameworks.named(framework).module, "boto3", "diptych_runner.running"):
        _try(module)
    sys.stdout.write("{} {} on Python {}\n".format(framework, found, MINOR))


def _installed(framework: str) -> Optional[str]:
    """Return the version by the packages' metadata: old ones import only beside a GPU's driver."""
    # Not there yet when the framework is installed.
    from diptych_runner.records import host  # noqa: PLC0415

    versions = host.describe_packages(sys.path)["versions"]
    names = frameworks.named(framework).packages
    return next((released(versions[name]) for name in names if name in versions), None)


def _try(module: str) -> None:
    asked = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", "import " + module],
        stderr=subprocess.PIPE,
        universal_newlines=True,
    )
    errors = asked.communicate()[1]
    if asked.returncode == 0:
        return
    if _DRIVER in errors:
        sys.stdout.write("{} is not imported here: {} is missing\n".format(module, _DRIVER))
        return
    raise Unsuitable("{}cannot import {} in this image".format(errors, module))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Make this image able to run trials.")
    steps = parser.add_subparsers(dest="step_name", metavar="step")
    steps.required = True
    install = steps.add_parser("install", help="the framework, where it is missing, and boto3")
    install.add_argument("--accelerator", choices=["cpu", "gpu"], required=True)
    install.add_argument("--packages", required=True, help="folder that boto3 goes to")
    install.set_defaults(step=_install)
    check = steps.add_parser("check", help="the framework's version, and what trials import")
    check.set_defaults(step=_check)
    for step in (install, check):
        step.add_argument("--framework", required=True)
        step.add_argument("--version", required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
