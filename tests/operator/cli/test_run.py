"""What `diptych run` refuses before anything is started; real runs are in tests/integration."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Diptych = Callable[..., Result]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache: whatever appears in it was started."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("DIPTYCH_CACHE_DIR", str(folder))
    return folder


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        (("2.13.1", "2.13.9"), 3, "2.13.9 has no environment on this machine"),
        (("count: 2", "count: 0"), 2, "spec.seeds.count"),
        (("  noiseFloor", "  suspend: true\n  noiseFloor"), 2, "spec.suspend is true"),
        (("  noiseFloor", "  resources: {gpus: 1}\n  noiseFloor"), 3, "spec.resources.gpus: 1"),
    ],
)
def test_nothing_is_started(
    diptych: Diptych,
    file: Path,
    tmp_path: Path,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: tuple[str, str],
    code: int,
    told: str,
) -> None:
    monkeypatch.setattr("diptych.local.preflight.gpus_here", lambda: 0)
    file.write_text(file.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    result = diptych("run", file, "--output", tmp_path / "output")
    assert result.exit_code == code
    assert told in result.stderr
    assert not cache.exists()
    assert not list(tmp_path.glob("output/*/trials"))


def test_fail_on_takes_verdicts_only(diptych: Diptych, file: Path, cache: Path) -> None:
    result = diptych("run", file, "--fail-on", "Different,inconclusiv")
    assert result.exit_code == 2
    assert "'inconclusiv' is not a verdict (did you mean 'Inconclusive'?)" in result.stderr
    assert not cache.exists()


def test_an_empty_fail_on_is_not_taken_for_no_gate(diptych: Diptych, file: Path) -> None:
    result = diptych("run", file, "--fail-on", "")
    assert result.exit_code == 2
    assert "'' is not a verdict" in result.stderr
