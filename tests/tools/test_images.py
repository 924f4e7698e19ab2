"""Twin of tools/images.py: which images are built, from what, by which command."""

import subprocess
from pathlib import Path

import pytest
from tools import images

RUNNER = "diptych-runner:tensorflow-"


def planned(*arguments: str) -> dict[str, images.Image]:
    made = images.images_of(images._parser().parse_args(arguments))
    return {image.name: image for image in made}


def test_everything_is_built_by_default() -> None:
    assert list(planned()) == [
        f"diptych-operator:{images.release()}",
        f"diptych-analysis:{images.release()}",
        *(RUNNER + version for version in images.VERSIONS.split()),
    ]


def test_a_gpu_runner_is_the_frameworks_own_image_where_there_is_one() -> None:
    made = planned("runner", "--versions", "1.4.0 2.13.1")
    assert made[f"{RUNNER}1.4.0"].arguments == {
        "BASE": "docker.io/tensorflow/tensorflow:1.4.0-gpu-py3",
        "FRAMEWORK": "tensorflow",
        "VERSION": "1.4.0",
        "ACCELERATOR": "gpu",
    }
    assert made[f"{RUNNER}2.13.1"].arguments["BASE"] == "docker.io/library/python:3.8-slim"


def test_a_cpu_runner_is_the_tables_python_from_wherever_bases_come() -> None:
    template = ("--python-base", "localhost/python:{python}")
    made = planned("--accelerator", "cpu", "--versions", "1.4.0", *template)
    assert made[f"{RUNNER}1.4.0"].arguments["BASE"] == "localhost/python:3.6"
    assert made[f"diptych-operator:{images.release()}"].arguments == {
        "BASE": "localhost/python:3.13"
    }


def test_names_may_begin_with_a_registry() -> None:
    assert list(planned("operator", "--prefix", "registry/team/", "--tag", "main")) == [
        "registry/team/diptych-operator:main"
    ]


def test_each_builder_is_asked_in_its_own_words() -> None:
    image = images.Image("name:tag", "jobimage/Dockerfile", {"VERSION": "2.4.0"})
    root = str(images.ROOT)
    rest = ["--build-arg=VERSION=2.4.0", "--tag", "name:tag"]
    rest += ["--file", f"{root}/jobimage/Dockerfile", root]
    assert images.command("/usr/bin/docker", image, None) == ["/usr/bin/docker", "build", *rest]
    assert images.command("/usr/bin/buildah", image, Path("/ca.crt")) == [
        *("/usr/bin/buildah", "bud", "--secret", "id=ca,src=/ca.crt"),
        *rest,
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["runner", "--versions", "2.4.7"], "'2.4.7' is not in the environment table: 1.2.1, "),
        (["runners"], "'runners' is no kind of image: operator, analysis, runner, minio are"),
    ],
)
def test_what_is_unknown_is_refused_before_anything_is_built(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert images.main(arguments) == 2
    assert message in capsys.readouterr().err


def test_a_builder_that_does_not_answer_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, code in (("docker", 1), ("buildah", 0)):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=None)
    assert images.builder_here(None) == str(tmp_path / "buildah")
    with pytest.raises(ValueError, match=r"no builder of images answers \(docker\)"):
        images.builder_here("docker")


def test_minio_is_its_binary_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "program", lambda name: tmp_path / name)
    (image,) = planned("minio").values()
    assert images.command("docker", image, None)[-1] == str(tmp_path)
    deployment = images.ROOT / "manifests/components/minio/server/deployment.yaml"
    assert f"image: {image.name}\n" in deployment.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["operator", "analysis", "jobimage"])
def test_an_image_runs_as_nobody_and_from_any_base(kind: str) -> None:
    lines = (images.ROOT / kind / "Dockerfile").read_text(encoding="utf-8").splitlines()
    instructions = [line for line in lines if line and not line.startswith("#")]
    assert instructions[0].startswith("ARG BASE=docker.io/")
    assert instructions[1].startswith("FROM ${BASE}")
    assert [line for line in instructions if line.startswith("USER")][-1] == "USER 65532:65532"


def test_the_context_holds_what_images_are_made_of_and_no_more() -> None:
    ignored = (images.ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept = {line[2:] for line in ignored if line.startswith("!/")}
    assert "*" in ignored
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=images.ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    roots = {path.split("/")[0] for path in tracked}
    assert kept <= roots
    for dockerfile in ("operator", "analysis", "jobimage"):
        text = (images.ROOT / dockerfile / "Dockerfile").read_text(encoding="utf-8")
        for line in text.splitlines():
            if line.startswith("COPY") and "--from" not in line:
                sources = line.split()[1:-1]
                assert {source.split("/")[0] for source in sources} <= kept
