"""Twin of jobimage/install.py: what it installs, and which base images it refuses."""

import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest

import diptych_runner
from diptych_runner.contract import store_packages, tables

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
INSTALL = os.path.join(ROOT, "jobimage", "install.py")
RUNNER = os.path.dirname(os.path.dirname(diptych_runner.__file__))
MINOR = "{}.{}".format(*sys.version_info)

#: Stands in for pip: notes what it is asked for, and makes boto3 importable.
PIP = """
import os, sys
with open(os.environ["ASKED"], "a") as stream:
    stream.write(" ".join(sys.argv[1:]) + "\\n")
if "--target" in sys.argv:
    folder = sys.argv[sys.argv.index("--target") + 1]
    os.makedirs(folder)
    open(os.path.join(folder, "boto3.py"), "w").close()
"""


class Image(object):
    """A base image: a folder of modules before everything else on the path."""

    def __init__(self, folder):
        self.folder = folder
        self.modules = folder / "modules"
        self.modules.mkdir()
        self.add("pip", PIP)

    def add(self, name, source):
        (self.modules / (name + ".py")).write_text(source)

    def bring(self, package, version, source=""):
        """Put a framework's package into the image, with its metadata."""
        self.add(package, source)
        (self.modules / "{}-{}.dist-info".format(package, version)).mkdir()

    def install(self, framework, version, runner=RUNNER):
        """Install and check, as the Dockerfile does; return the exit code and what was said."""
        chosen = ["--framework", framework, "--version", version]
        folder = ["--accelerator", "cpu", "--packages", str(self.folder / "packages")]
        code, output = self.run(["install"] + chosen + folder, runner)
        if code != 0:
            return code, output
        code, more = self.run(["check"] + chosen, RUNNER)
        return code, output + more

    def run(self, arguments, runner):
        environment = dict(os.environ)
        path = [str(self.modules), runner, str(self.folder / "packages")]
        environment.update(
            PYTHONPATH=os.pathsep.join(path),
            ASKED=str(self.folder / "asked"),
            PYTHONDONTWRITEBYTECODE="1",
        )
        process = subprocess.Popen(
            [sys.executable, INSTALL] + arguments,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
        )
        output = process.communicate()[0]
        return process.returncode, output

    def asked(self):
        path = self.folder / "asked"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def image(tmp_path):
    return Image(tmp_path)


def test_a_frameworks_own_image_gets_boto3_alone(image):
    image.bring("ourframework", "1.5.0")
    code, output = image.install("ourframework", "1.5.0")
    assert (code, output.splitlines()[-1]) == (0, "ourframework 1.5.0 on Python " + MINOR)
    (asked,) = image.asked()
    assert asked.endswith(" ".join(store_packages.store_packages(MINOR)))
    assert "--no-deps" in asked


def test_a_framework_may_have_a_module_of_another_name_and_a_build_in_its_version(image):
    image.bring("torch", "1.11.0+cu113")
    code, output = image.install("pytorch", "1.11.0")
    assert (code, output.splitlines()[-1]) == (0, "pytorch 1.11.0 on Python " + MINOR)


def test_what_the_dockerfile_copies_first_is_enough_to_install(image):
    with open(os.path.join(ROOT, "jobimage", "Dockerfile")) as stream:
        before_install = stream.read().replace("\\\n", " ").partition("\nRUN ")[0]
    for line in re.findall(r"^COPY (.+)$", before_install, re.MULTILINE):
        words = shlex.split(line)
        folder = image.folder / "early" / words[-1].replace("/opt/diptych/runner/", "")
        for source in words[:-1]:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(os.path.join(ROOT, source), str(folder))
    assert not (image.folder / "early" / "diptych_runner" / "records").exists()
    image.bring("ourframework", "1.5.0")
    assert image.install("ourframework", "1.5.0", str(image.folder / "early"))[0] == 0


def test_another_version_in_the_image_is_refused(image):
    image.bring("ourframework", "1.6.0")
    code, output = image.install("ourframework", "1.5.0")
    assert code == 1
    assert "the base image holds ourframework 1.6.0, not 1.5.0" in output


def test_a_framework_that_does_not_tell_its_version_is_refused(image):
    image.add("ourframework", "")
    code, output = image.install("ourframework", "1.5.0")
    assert code == 1
    assert "ourframework is in the base image without a package's metadata" in output


def test_a_framework_that_wants_a_driver_is_not_tried(image):
    image.bring("ourframework", "1.5.0", "raise ImportError('libcuda.so.1: no such file')")
    code, output = image.install("ourframework", "1.5.0")
    assert code == 0
    assert "ourframework is not imported here: libcuda.so.1 is missing" in output


def test_a_framework_that_is_broken_is_refused_with_its_traceback(image):
    image.bring("ourframework", "1.5.0", "raise ImportError('no such symbol')")
    code, output = image.install("ourframework", "1.5.0")
    assert code == 1
    assert "no such symbol" in output
    assert output.splitlines()[-1] == "cannot import ourframework in this image"


def test_a_version_that_nobody_pinned_is_refused_before_anything_is_installed(image):
    code, output = image.install("absentframework", "9.9.9")
    assert code == 1
    assert "absentframework 9.9.9 is not in the environment table" in output
    assert image.asked() == []


def test_a_base_with_another_python_is_told_which_one_to_take(image):
    rows = [row for row in tables.environments() if row.python != MINOR]
    image.add("sitecustomize", HIDDEN)
    code, output = image.install(rows[0].framework, rows[0].version)
    assert code == 1
    assert "take --build-arg BASE=python:{}-slim".format(rows[0].python) in output
    assert image.asked() == []


#: The tests' own interpreter may have the framework; the image must not.
HIDDEN = """
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "tensorflow" else found(name, *rest)
"""
