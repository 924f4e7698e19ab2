"""`diptych submit` and `diptych report NAME` against a real API server."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tools import deploy
from tools.cluster.control_plane import ControlPlane
from typer.testing import CliRunner, Result

from diptych.cli.app import app
from diptych.cli.exits import Exit
from diptych_runner.contract import hashing
from diptych_runner.stores import location
from diptych_runner.stores.errors import StoreError
from diptych_runner.stores.folder import Folder

Run = Callable[..., Result]

COMPARISON = """\
apiVersion: diptych.dev/v1alpha1
kind: VersionComparison
metadata:
  name: small
spec:
  versions: [{name: "2.4.0"}, {name: "2.13.1"}]
  workload: {builtin: adam-linear-regression}
  seeds: {first: 1, count: 2}
"""
METRICS = """\
    metrics:
      - name: test_loss
        evaluator: meanSquaredError
        margin: "0.1"
        direction: LowerIsBetter
        primary: true
"""
PAGE = b"<html>report</html>"


@pytest.fixture(scope="module")
def command(plane: ControlPlane) -> list[str]:
    """Return kubectl with the cluster's name; the CRD is there."""
    return [str(plane.kubectl), "--kubeconfig", str(plane.kubeconfig)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(COMPARISON, encoding="utf-8")
    return path


@pytest.fixture
def run(
    control_plane: ControlPlane,
    command: list[str],
    namespace: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Run:
    """Return a function that runs a command in the test's namespace, from an empty folder."""
    monkeypatch.setattr(
        "kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(control_plane.kubeconfig)
    )
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def invoke(verb: str, *arguments: str | Path) -> Result:
        return CliRunner().invoke(app, [verb, "-n", namespace, *map(str, arguments)])

    return invoke


def edited(file: Path, old: str, new: str) -> Path:
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return file


def test_a_file_is_created_then_unchanged_then_configured(
    run: Run, file: Path, command: list[str], namespace: str
) -> None:
    done = run("submit", file)
    assert done.exit_code == Exit.OK, done.stderr
    first = f"versioncomparison.diptych.dev/small created in namespace {namespace}"
    assert done.stderr.splitlines()[0] == first
    assert "small unchanged" in run("submit", file).stderr
    edited(file, "spec:\n", "spec:\n  suspend: true\n")
    assert "small configured" in run("submit", file).stderr
    path = "jsonpath={.spec.suspend} {.spec.seeds}"
    got = deploy.run(command, "get", "vcmp", "small", "--namespace", namespace, "-o", path)
    assert got == 'true {"count":2,"first":1}'


def test_what_must_not_change_is_refused_in_the_servers_words(run: Run, file: Path) -> None:
    run("submit", file)
    done = run("submit", edited(file, "count: 2", "count: 3"))
    assert done.exit_code == Exit.BAD_INPUT
    assert "seeds" in done.stderr
    assert "immutable" in done.stderr or "cannot be changed" in done.stderr, done.stderr


@pytest.fixture
def with_code(file: Path) -> Path:
    """Give the comparison code of its own, beside its file."""
    module = '{module: {configMap: my-code, entrypoint: "train:train"}}'
    edited(file, "{builtin: adam-linear-regression}", module)
    edited(file, "spec:\n", f"spec:\n  analysis:\n{METRICS}")
    code = file.parent / "my-code"
    code.mkdir()
    (code / "train.py").write_text("def train(trial): ...\n", encoding="utf-8")
    return code


def test_code_beside_the_file_goes_first_as_a_config_map(
    run: Run, file: Path, with_code: Path, command: list[str], namespace: str
) -> None:
    done = run("submit", file)
    assert done.exit_code == Exit.OK, done.stderr
    assert done.stderr.splitlines()[:2] == [
        f"configmap/my-code created in namespace {namespace}",
        f"versioncomparison.diptych.dev/small created in namespace {namespace}",
    ]
    got = deploy.run(
        *(command, "get", "configmap", "my-code", "--namespace", namespace, "-o", "json")
    )
    assert json.loads(got)["data"] == {"train.py": "def train(trial): ...\n"}
    assert "configmap/my-code unchanged" in run("submit", file).stderr


def test_other_code_under_the_same_name_is_refused(run: Run, file: Path, with_code: Path) -> None:
    run("submit", file)
    (with_code / "train.py").write_text("def train(trial): pass\n", encoding="utf-8")
    done = run("submit", file)
    assert done.exit_code == Exit.BAD_INPUT
    assert "ConfigMap my-code in namespace" in done.stderr
    assert "holds other code" in done.stderr


def test_code_that_is_not_there_is_missed_before_anything_is_sent(
    run: Run, file: Path, with_code: Path, command: list[str], namespace: str
) -> None:
    (with_code / "train.py").unlink()
    done = run("submit", file)
    assert done.exit_code == Exit.BAD_INPUT
    assert "holds no train.py" in done.stderr
    assert deploy.run(command, "get", "vcmp", "--namespace", namespace, "-o", "name") == ""


def test_a_namespace_that_is_not_there_is_named(run: Run, file: Path) -> None:
    done = run("submit", file, "-n", "absent")
    assert done.exit_code == Exit.BAD_INPUT
    assert 'namespaces "absent" not found' in done.stderr


def test_a_report_of_nothing_says_so(run: Run, namespace: str) -> None:
    done = run("report", "absent")
    assert done.exit_code == Exit.NO_VERDICT
    assert f"there is no VersionComparison absent in namespace {namespace}" in done.stderr


def test_a_report_before_the_end_says_how_far_it_is(run: Run, file: Path) -> None:
    run("submit", file)
    done = run("report", "small")
    assert done.exit_code == Exit.NO_VERDICT
    assert "no operator has looked at it" in done.stderr


@pytest.fixture
def finished(
    run: Run,
    file: Path,
    command: list[str],
    namespace: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Submit a comparison, write what the operator would say, and give its folder."""
    run("submit", file)
    folder = tmp_path / "store" / "small-01234567"
    folder.mkdir(parents=True)
    (folder / "report.html").write_bytes(PAGE)
    uri = "s3://results/team/small-01234567/report.html"
    status = {
        "report": {"uri": uri, "sha256": hashing.sha256_of_bytes(PAGE)},
        "summary": {"verdict": "Identical", "reason": "Identical: every bit is equal."},
    }
    deploy.run(
        *(command, "patch", "vcmp", "small", "--subresource=status", "--type=merge"),
        *("--namespace", namespace, "--patch", json.dumps({"status": status})),
    )
    # S3 itself is tested elsewhere: here a folder stands for the prefix.
    asked: dict[str, Folder] = {"s3://results/team/small-01234567": Folder(str(folder))}
    monkeypatch.setattr("diptych.cli.report.store_at", lambda address, _variables: asked[address])
    assert location.is_s3(uri)
    return folder


def test_a_report_is_fetched_with_its_verdict(run: Run, finished: Path) -> None:
    done = run("report", "small")
    assert done.exit_code == Exit.OK, done.stderr
    assert done.stderr.splitlines() == [
        "Identical: every bit is equal.",
        "Report: small-report.html",
    ]
    assert Path("small-report.html").read_bytes() == PAGE


def test_a_report_goes_where_it_is_wanted(run: Run, finished: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.html"
    assert run("report", "small", "--output", target).exit_code == Exit.OK
    assert target.read_bytes() == PAGE


def test_a_report_that_somebody_changed_is_refused(run: Run, finished: Path) -> None:
    (finished / "report.html").write_bytes(b"<html>other</html>")
    done = run("report", "small")
    assert done.exit_code == Exit.NO_VERDICT
    assert "it is not the file that the cluster's status vouches for" in done.stderr
    assert not Path("small-report.html").exists()


def test_a_store_that_cannot_be_reached_from_here_is_told(
    run: Run, finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away(Folder):
        def read(self, path: str) -> bytes | None:
            raise StoreError(f"{path}: no answer")

    monkeypatch.setattr("diptych.cli.report.store_at", lambda *_: Away("/absent"))
    assert "kubectl port-forward and DIPTYCH_S3_ENDPOINT" in run("report", "small").stderr
    monkeypatch.setenv("DIPTYCH_S3_ENDPOINT", "http://127.0.0.1:9")
    done = run("report", "small")
    assert (done.exit_code, done.stderr) == (Exit.NO_VERDICT, "report.html: no answer\n")


def test_a_cluster_without_the_crd_is_told_what_to_install(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diptych.cluster.client.PLURAL", "othercomparisons")
    done = run("submit", file)
    assert done.exit_code == Exit.NO_VERDICT
    assert "knows no VersionComparison: install Diptych there first" in done.stderr


def test_a_server_that_is_away_is_named(
    run: Run,
    file: Path,
    control_plane: ControlPlane,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = control_plane.kubeconfig.read_text(encoding="utf-8")
    away = tmp_path / "away"
    away.write_text(text.replace(control_plane.url, "https://127.0.0.1:9"), encoding="utf-8")
    monkeypatch.setattr("kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(away))
    done = run("submit", file)
    assert done.exit_code == Exit.NO_VERDICT
    assert "https://127.0.0.1:9 does not answer: " in done.stderr
    assert "Connection refused" in done.stderr
