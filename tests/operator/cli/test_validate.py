from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from tests.operator.documents import small
from typer.testing import Result

Diptych = Callable[..., Result]

TEN_MISTAKES = """\
apiVersion: diptych.dev/v1alpha1
kind: VersionComparison
metadata:
  name: Ten_Mistakes
spec:
  framework: tensorflow
  versions:
    - name: "2.4.0"
    - name: 2.10
    - name: "2.4.0"
  baseline: "2.4.1"
  workload:
    builtin: adam-linear-regresion
  seeds: {first: -1, count: 10}
  control: SharedInt
  paralelism: 4
  trialsPerPod: 0
  checkpoints: {everySteps: 10, keep: Al}
  analysis: {confidence: "1.5"}
"""


def test_a_valid_file_says_how_many_trials_it_asks_for(diptych: Diptych, file: Path) -> None:
    result = diptych("validate", file)
    assert result.exit_code == 0
    assert "valid; 6 trials of 2 versions" in result.stdout


def test_ten_mistakes_are_told_at_once(diptych: Diptych, tmp_path: Path) -> None:
    path = tmp_path / "ten.yaml"
    path.write_text(TEN_MISTAKES, encoding="utf-8")
    result = diptych("validate", path)
    assert result.exit_code == 2
    told = "".join(
        line for line in result.stderr.splitlines(keepends=True) if not line.startswith("warning")
    )
    for field in (
        "metadata.name",
        "spec.versions[1].name",
        "spec.versions[2].name",
        "spec.baseline",
        "spec.workload.builtin",
        "spec.seeds.first",
        "spec.control",
        "spec.paralelism",
        "spec.trialsPerPod",
        "spec.checkpoints.keep",
        "spec.analysis.confidence",
    ):
        assert sum(f": {field}: " in line for line in told.splitlines()) == 1, (field, told)
    assert "did you mean 'parallelism'?" in told
    assert "did you mean 'adam-linear-regression'?" in told
    assert "did you mean 'SharedInit'?" in told
    assert "2.10" in told
    assert "11 errors" in told
    assert "Traceback" not in told


def test_a_missing_file_and_a_binary_one_are_named(diptych: Diptych, tmp_path: Path) -> None:
    missing = diptych("validate", tmp_path / "none.yaml")
    assert missing.exit_code == 2
    assert "none.yaml: cannot be read: No such file or directory" in missing.stderr
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    told = diptych("validate", binary)
    assert told.exit_code == 2
    assert "not UTF-8" in told.stderr


@pytest.mark.parametrize(("baseline", "is_warned"), [("2.99.0", True), ("2.4.0", False)])
def test_a_baseline_of_unknown_defaults_is_warned_of(
    baseline: str,
    is_warned: bool,  # noqa: FBT001
    diptych: Diptych,
    tmp_path: Path,
) -> None:
    versions = [{"name": baseline, "image": "registry/one"}, {"name": "2.1.0", "image": "two"}]
    controls = {"controls": ["SharedInit", "SharedParameters"]}
    document = small(versions=versions, attribution=controls)
    path = tmp_path / "unknown.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    result = diptych("validate", path)
    assert result.exit_code == 0, result.stderr
    told = f"warning: No default of tensorflow {baseline} is known, so SharedParameters leaves"
    assert (told in result.stderr) == is_warned


def test_code_that_does_not_lie_beside_the_file_is_told(diptych: Diptych, tmp_path: Path) -> None:
    document = small()
    document["spec"]["workload"] = {"module": {"configMap": "own", "entrypoint": "mine:train"}}
    document["spec"]["analysis"] = {
        "metrics": [{"name": "loss", "evaluator": "meanSquaredError", "direction": "LowerIsBetter"}]
    }
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    told = "warning: spec.workload.module: the code is looked for in the folder"
    missing = diptych("validate", path)
    assert missing.exit_code == 0  # the ConfigMap may come from elsewhere
    assert told in " ".join(missing.stderr.split())
    (tmp_path / "mine.py").write_text("def train(run): ...\n", encoding="utf-8")
    assert told not in " ".join(diptych("validate", path).stderr.split())
