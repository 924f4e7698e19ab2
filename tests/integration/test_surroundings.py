"""What lies around a user's shell changes nothing of what is computed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.environments, pytest.mark.needs_python("3.6", "3.8")]

COMPARISON = """
apiVersion: diptych.dev/v1alpha1
kind: VersionComparison
metadata: {name: surroundings}
spec:
  versions: [{name: "1.4.0"}, {name: "2.4.0"}]
  workload: {builtin: adam-linear-regression, parameters: {steps: 20}}
  seeds: {values: [5]}
  noiseFloor: {seeds: 1, repeats: 1}
"""


def run(home: Path, folder: Path, output: Path, **variables: str) -> dict[str, Any]:
    """Run the comparison from a folder, with a home and variables of its own."""
    file = output.with_suffix(".yaml")
    file.write_text(COMPARISON, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "diptych", "run", file, "--json", "--output", output],
        cwd=folder,
        env={**os.environ, "HOME": str(home), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    summary: dict[str, Any] = json.loads(ended.stdout)
    return summary


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the cache where it is when HOME moves."""
    from diptych.local.cache import cache_root

    monkeypatch.setenv("DIPTYCH_CACHE_DIR", str(cache_root()))


@pytest.mark.usefixtures("cache")
def test_neither_home_nor_folder_nor_shell_changes_a_bit(tmp_path: Path) -> None:
    plain, trap = tmp_path / "plain", tmp_path / "trap"
    plain.mkdir()
    (trap / ".keras").mkdir(parents=True)
    (trap / ".keras" / "keras.json").write_text(
        json.dumps({"floatx": "float64", "epsilon": 0.1, "backend": "jax"}), encoding="utf-8"
    )
    (trap / "random.py").write_text("raise RuntimeError('shadowed')\n", encoding="utf-8")
    (trap / "tensorflow").mkdir()
    expected = run(plain, plain, tmp_path / "expected")
    trapped = run(
        trap,
        trap,
        tmp_path / "trapped",
        KERAS_BACKEND="jax",
        OMP_NUM_THREADS="7",
        TF_ENABLE_ONEDNN_OPTS="1",
        PYTHONHASHSEED="9",
        LC_ALL="C",
    )
    assert expected["trials"]["succeeded"] == 2
    assert trapped["results"] == expected["results"]


@pytest.mark.usefixtures("cache")
def test_failed_trials_are_trained_again_when_asked(tmp_path: Path) -> None:
    first = run(tmp_path, tmp_path, tmp_path / "output")
    (folder,) = (tmp_path / "output").iterdir()
    commit = next(folder.glob("trials/2.4.0/*/*/*/*/COMMIT"))
    # A real Failed COMMIT takes three broken attempts; its outcome is all that is looked at.
    document = json.loads(commit.read_text(encoding="utf-8"))
    commit.write_text(json.dumps({**document, "outcome": "Failed"}), encoding="utf-8")
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "diptych", "run", tmp_path / "output.yaml", "--json"),
            *("--output", tmp_path / "output", "--retry-failed"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed trials to train again" in ended.stderr
    assert json.loads(ended.stdout)["results"] == first["results"]
