"""Code of the user's own in real TensorFlow: as fit trains, under every control, and planted."""

import functools
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.integration import stores

from diptych_runner.contract import defaults, tables

pytestmark = pytest.mark.environments

RunScript = Callable[..., dict[str, Any]]
ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "your-own-code.md"
PYTHONS = {row.version: row.python for row in tables.environments("tensorflow")}
WITH_KERAS = [
    pytest.param(version, marks=pytest.mark.needs_python(PYTHONS[version]))
    for version in PYTHONS
    if version != "1.2.1"
]
of_both = pytest.mark.needs_python(PYTHONS["2.4.0"], PYTHONS["2.13.1"])


@pytest.mark.parametrize("version", WITH_KERAS)
@pytest.mark.parametrize("kind", ["classifier", "regression"])
def test_our_fit_ends_where_keras_ends_bit_by_bit(
    version: str, kind: str, run_script: RunScript
) -> None:
    script = ROOT / "tests" / "jobimage" / "module" / "fit_beside_own.py"
    told = run_script(script, version, kind)
    assert set(told["distances"]) == {0.0}
    assert told["predictions"] == 0.0
    assert len(told["losses"]) == 10
    moving = {f"statistics/batch_normalization_0/moving_{each}" for each in ("mean", "variance")}
    assert told["statistics"] == dict.fromkeys(moving, 0.0)
    assert set(told["masked"]) == moving
    assert min(told["masked"].values()) > 0
    theirs, ours = told["theirs"], told["ours"]
    old = version.startswith("1.")
    assert set(ours) == (set(theirs) - {"accuracy"} if old else set(theirs))
    for name, values in ours.items():
        assert values == pytest.approx(theirs[name], rel=1e-5), name


@pytest.mark.parametrize(
    "version", [each for each in WITH_KERAS if not str(each.values[0]).startswith(("1.", "2.1."))]
)
@pytest.mark.parametrize("kind", ["weights", "weights-by-class"])
def test_weights_count_as_in_keras_bit_by_bit(
    version: str, kind: str, run_script: RunScript
) -> None:
    script = ROOT / "tests" / "jobimage" / "module" / "fit_beside_own.py"
    told = run_script(script, version, kind)
    assert set(told["distances"]) == {0.0}
    assert len(told["losses"]) == 14


@pytest.mark.parametrize("version", WITH_KERAS)
@pytest.mark.parametrize("baseline", ["1.4.0", "2.4.0"])
def test_what_the_script_chose_stays_and_what_it_left_open_is_the_baselines(
    version: str, baseline: str, run_script: RunScript
) -> None:
    script = ROOT / "tests" / "jobimage" / "module" / "pinned_parameters.py"
    told = run_script(script, version, baseline)
    assert all(each["same"] for each in told.values())
    of_class = functools.partial(defaults.of_class, "tensorflow", baseline)
    rate, epsilon = (
        {name: float(of_class(f"tf.keras.optimizers.{name}")[key]) for name in ("Adadelta", "Adam")}
        for key in ("learningRate", "epsilon")
    )
    chosen = told["given as a default of another version"]
    assert chosen["effective"]["learningRate"] == 0.001
    assert chosen["effective"]["epsilon"] == epsilon["Adadelta"]
    assert set(chosen["pinned"]) == {"rho", "epsilon"}
    assert told["given by name"]["effective"]["epsilon"] == 1e-7
    assert set(told["given as its own default"]["pinned"]) == {"epsilon"}
    for name in ("left open", "asked for by name"):
        assert told[name]["effective"]["learningRate"] == rate["Adadelta"]
        assert told[name]["notPinned"] == []
    for name in ("of another class", "of a whole configuration"):
        assert told[name]["pinned"] == {}
        assert "epsilon" in told[name]["notPinned"]
    assert {*told["of a configuration"]["pinned"]} == {"learningRate", "beta2", "epsilon"}
    moved = told["set afterwards"]
    assert moved["effective"]["learningRate"] == 0.25
    assert "learningRate" not in [*moved["pinned"], *moved["notPinned"]]
    own = functools.partial(defaults.of_class, "tensorflow", version)
    for name, found in told.items():
        if name.startswith("all of "):
            kind = "tf.keras.optimizers." + name.removeprefix("all of ")
            assert found["defaults"] == {key: float(value) for key, value in own(kind).items()}
            both = {*own(kind)} & {*of_class(kind)}
            assert found["pinned"] == {key: of_class(kind)[key] for key in both}
            taken = {key: found["effective"][key] for key in both}
            assert taken == {key: float(of_class(kind)[key]) for key in both}
            assert set(found["notPinned"]) == {*own(kind)} ^ {*of_class(kind)}


@pytest.mark.parametrize("version", WITH_KERAS)
def test_a_layer_that_draws_otherwise_than_by_masks_is_refused_by_name(
    version: str, run_script: RunScript
) -> None:
    script = ROOT / "tests" / "jobimage" / "module" / "masks_of_layers.py"
    told = run_script(script, version)
    taken = {"plain", "renamed", "spatial", "recurrent", "never", "training alone"}
    assert version.startswith("1.") or told["training alone"]["saved"]
    for name, found in told.items():
        assert ("masks" in found) == (name in taken), (name, found)
        if name in taken:
            assert None not in found["masks"]
            assert len(set(found["masks"])) == 2
    assert "(Always) is a Dropout with a call of its own" in told["always"]["refused"]
    kinds = {
        "sampling": "Normal",
        "lambda": "Uniform",
        "hidden": "Normal",
        "python": "PyFunc, Python that may draw some",
    }
    for name, kind in kinds.items():
        refused = told[name]["refused"]
        assert "SharedMasks cannot give its random numbers to the operation" in refused
        assert kind in refused
    assert "lambda" in told["lambda"]["refused"].lower()


@pytest.mark.parametrize("version", WITH_KERAS)
def test_shared_initial_weights_replace_draws_and_nothing_that_the_script_says(
    version: str, run_script: RunScript
) -> None:
    told = run_script(ROOT / "tests" / "jobimage" / "module" / "initial_weights.py", version)
    # Kernels: an identity, a draw, zeros; biases, and one of the script's; moving statistics.
    assert told["kept"] == [True, True, False, True, True, True, True, True, True]
    assert all(told["again"])
    assert told["native"]
    assert told["frozen"]
    # What is loaded, trained or given is the script's; a draw is shared, whatever its rank.
    assert told["loaded"] == {
        "whole": [True] * 9,
        "stored": [True] * 9,
        "trained": [True, True],
        "reused": [True, True],
        "given": [True, True],
        "biased": [False, False],
        "function": [False, True],
        "nested": [False, True],
    }
    # In a graph of 1.x without a seed, and in one with.
    assert told.get("restored", [True, True]) == [True, True]
    assert told["later"]["again"] == [True, True]
    if not version.startswith("1."):
        assert told["later"]["built"] == [[True] * 4, [False, True] * 2]


def block(name: str) -> str:
    """Return one of the document's examples."""
    pattern = rf"<!-- example: {name} -->\n```\w+\n(.*?)```"
    found = re.search(pattern, DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None, name
    return found[1]


def run(file: Path, output: Path) -> dict[str, Any]:
    """Run a comparison; return its summary."""
    ended = subprocess.run(
        [sys.executable, "-m", "diptych", "run", file, "--json", "--output", output],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode in (0, 3), ended.stderr[-3000:]
    summary: dict[str, Any] = json.loads(ended.stdout)
    stores.validate("summary", summary)
    return summary


def test_the_document_shows_the_committed_example(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(block("before"), encoding="utf-8")
    diff = block("diff")
    subprocess.run(
        ["git", "apply", "-"], input=diff, text=True, cwd=tmp_path, check=True, timeout=60
    )
    example = ROOT / "manifests" / "examples" / "own-keras"
    changed = (tmp_path / "train.py").read_text(encoding="utf-8")
    assert changed == (example / "train.py").read_text(encoding="utf-8")
    assert example.with_suffix(".yaml").read_text(encoding="utf-8").endswith(block("yaml"))
    added = [line for line in diff.splitlines() if re.match(r"\+[^+]", line)]
    assert len(added) <= 5


@of_both
def test_the_documents_script_is_compared_and_its_masks_explained(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(block("before"), encoding="utf-8")
    subprocess.run(
        ["git", "apply", "-"], input=block("diff"), text=True, cwd=tmp_path, check=True, timeout=60
    )
    file = tmp_path / "own.yaml"
    file.write_text(block("yaml").replace("count: 6", "count: 2"), encoding="utf-8")
    summary = run(file, tmp_path / "output")
    trials = summary["trials"]
    assert trials["succeeded"] == trials["planned"], trials["failed"]
    (candidate,) = summary["candidates"]
    assert candidate["verdict"] != "Invalid"
    ladder = {row["control"]: row for row in candidate["attribution"]}
    assert ladder["SharedMasks"]["perSeedRms"] <= ladder["Native"]["perSeedRms"] / 10
    # evaluate of 2.4 and of 2.13 means by accuracy what we mean.
    assert candidate["metrics"][0]["frameworkMetricDrift"] == pytest.approx(0, abs=1e-6)
