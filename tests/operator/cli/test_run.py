"""What `diptych run` refuses before anything is started; real runs are in tests/integration."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.analysis.builder import Training, store, training
from typer.testing import Result

from diptych.api.load import load_bytes
from diptych.plan import plan_of
from diptych_runner.contract.trials import Trial

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


MODULE = """  workload:
    module: {MODULE}
  analysis:
    metrics: [{name: m, evaluator: accuracy, direction: HigherIsBetter}]
"""


@pytest.mark.parametrize(
    ("module", "code", "told"),
    [
        ("{configMap: my-code, entrypoint: train}", 2, "my-code and in the file"),
        ("{entrypoint: train}", 3, "or run the images with --runtime container"),
    ],
)
def test_without_its_code_nothing_is_started(
    diptych: Diptych, file: Path, cache: Path, module: str, code: int, told: str
) -> None:
    given = "  workload:\n    builtin: adam-linear-regression\n"
    text = file.read_text(encoding="utf-8")
    assert given in text
    changed = text.replace(given, MODULE.replace("{MODULE}", module))
    file.write_text(changed, encoding="utf-8")
    result = diptych("run", file, "--output", file.parent / "output")
    assert result.exit_code == code
    assert told in result.stderr
    assert not cache.exists()


def test_changed_code_is_another_comparison(diptych: Diptych, file: Path) -> None:
    given = "  workload:\n    builtin: adam-linear-regression\n"
    module = MODULE.replace("{MODULE}", "{configMap: my-code, entrypoint: train}")
    text = file.read_text(encoding="utf-8").replace(given, module)
    file.write_text(text, encoding="utf-8")
    told = []
    for content in ("1", "2", "1"):
        (file.parent / "train.py").write_text(content, encoding="utf-8")
        told.append(diptych("plan", file).stdout)
    assert told[0] == told[2] != told[1]


def test_fail_on_takes_verdicts_only(diptych: Diptych, file: Path, cache: Path) -> None:
    result = diptych("run", file, "--fail-on", "Different,inconclusiv")
    assert result.exit_code == 2
    assert "'inconclusiv' is not a verdict (did you mean 'Inconclusive'?)" in result.stderr
    assert not cache.exists()


def test_an_empty_fail_on_is_not_taken_for_no_gate(diptych: Diptych, file: Path) -> None:
    result = diptych("run", file, "--fail-on", "")
    assert result.exit_code == 2
    assert "'' is not a verdict" in result.stderr


@pytest.fixture
def trained(file: Path, tmp_path: Path) -> Path:
    """Return the output folder of the file's comparison, every trial committed, 0.1 apart."""
    resource = load_bytes(file.read_bytes(), "a test").resource
    assert resource is not None
    made = plan_of(resource)
    store(tmp_path / "output", made, _trained)
    return tmp_path / "output"


def _trained(trial: Trial) -> Training:
    return training(
        1 + 0.01 * trial.seed + (0.1 + 0.001 * trial.seed) * (trial.version == "2.13.1")
    )


def test_a_margin_in_the_file_that_came_after_the_trials_is_told_to_be_late(
    diptych: Diptych, file: Path, trained: Path, cache: Path
) -> None:
    arguments = ("run", file, "--output", trained)
    declared = diptych(*arguments, "--json")
    (folder,) = trained.iterdir()
    first = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert json.loads(first["summary.json"])["postHoc"] == []
    assert declared.stdout == first["summary.json"].decode("utf-8")
    text = file.read_text(encoding="utf-8")
    late = text + "  analysis: {metrics: [{name: test_loss, margin: '0.9'}]}\n"
    file.write_text(late, encoding="utf-8")
    done = diptych(*arguments)
    told = "margin of test_loss 0.9 instead of "
    assert f"judged otherwise: {told}" in " ".join(done.stderr.split())
    assert "Post hoc, decided after the trials were run" in " ".join(done.stdout.split())
    (place,) = folder.glob("post-hoc-*")
    summary = json.loads((place / "summary.json").read_bytes())
    assert (summary["verdict"], summary["postHoc"][0][: len(told)]) == ("Equivalent", told)
    assert summary["reason"].startswith("Equivalent, post hoc: ")
    for name in ("summary.md", "report.html"):
        assert "Post hoc, decided after the trials were run" in (place / name).read_text("utf-8")
    assert f"diptych run {file} --output {trained}" in (place / "report.html").read_text("utf-8")
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == first
    # As it was declared once more, it is the declared one again.
    file.write_text(text, encoding="utf-8")
    assert diptych(*arguments, "--json").stdout == declared.stdout
