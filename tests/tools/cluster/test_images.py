"""An image is built again when what it is made of changes, and only then."""

import io
import json
import tarfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from tools.cluster import buildah, images, static_images
from tools.images import ROOT, Image

ANALYSIS = Image("analysis:1", "analysis/Dockerfile", {"BASE": "python"})


def test_its_content_is_the_dockerfile_its_arguments_and_what_it_copies() -> None:
    copied = {str(path.relative_to(ROOT)) for path in images._copied(dockerfile(), ROOT)}
    assert "uv.lock" in copied
    assert "analysis/src/diptych_analysis/__init__.py" in copied
    assert not [name for name in copied if name.startswith(("operator/src", "tests", "docs"))]
    assert not [name for name in copied if "__pycache__" in name]


def test_another_base_is_another_content() -> None:
    other = replace(ANALYSIS, arguments={"BASE": "another"})
    assert images.content_of(ANALYSIS) == images.content_of(replace(ANALYSIS, name="other"))
    assert images.content_of(ANALYSIS) != images.content_of(other)


def test_a_changed_file_is_another_content(tmp_path: Path) -> None:
    image = Image("minio:1", "manifests/components/minio/Dockerfile", {}, context=tmp_path)
    (tmp_path / "minio").write_bytes(b"one")
    before = images.content_of(image)
    (tmp_path / "minio").write_bytes(b"two")
    assert images.content_of(image) != before


def test_images_go_with_their_checkouts(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, gone = "localhost/0123abcd/diptych-runner:1", "localhost/deadbeef/diptych-runner:1"
    others = ["localhost/diptych-python-cb89ab34c7de:3.6", "docker.io/deadbeef/diptych-runner:1"]
    removed: list[str] = []
    monkeypatch.setattr(buildah, "names", lambda: [mine, gone, *others])
    monkeypatch.setattr(buildah, "remove", removed.extend)
    assert images.forget_others({"0123abcd"}, lambda _: None) == [gone]
    assert removed == [gone]
    assert images.forget_others({"0123abcd", "deadbeef"}, lambda _: None) == []


def test_certificates_are_those_that_the_machine_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in images.CERTIFICATES:
        monkeypatch.delenv(name, raising=False)
    assert images._certificates() is None
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    assert images._certificates() is None
    (tmp_path / "ca.pem").write_text("")
    assert images._certificates() == tmp_path / "ca.pem"


def test_an_image_of_one_program_holds_it_alone_and_is_the_same_each_time(tmp_path: Path) -> None:
    program = tmp_path / "pause"
    program.write_bytes(b"\x7fELF")
    for archive in ("one.tar", "two.tar"):
        static_images.save(tmp_path / archive, "example/pause:1", program)
    content = (tmp_path / "one.tar").read_bytes()
    assert content == (tmp_path / "two.tar").read_bytes()

    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        (manifest,) = json.loads(read(tar, "manifest.json"))
        config = json.loads(read(tar, manifest["Config"]))
        layer = read(tar, "layer.tar")
    assert manifest["RepoTags"] == ["example/pause:1"]
    assert config["rootfs"]["diff_ids"] == [f"sha256:{sha256(layer).hexdigest()}"]
    with tarfile.open(fileobj=io.BytesIO(layer)) as inner:
        assert inner.getnames() == ["pause"]
        assert inner.getmember("pause").mode == 0o755


def dockerfile() -> str:
    return (ROOT / ANALYSIS.dockerfile).read_text(encoding="utf-8")


def read(tar: tarfile.TarFile, name: str) -> bytes:
    stream = tar.extractfile(name)
    assert stream is not None
    return stream.read()
