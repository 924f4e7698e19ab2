from pathlib import Path

import pytest

from diptych.local import preflight
from diptych.local.errors import PreflightFailed
from diptych_runner.contract import hashing
from diptych_runner.contract.plan import Plan
from diptych_runner.stores.folder import Folder


def with_axes(plan: Plan, **changed: object) -> Plan:
    axes = {**plan.axes, **changed}
    return Plan({**plan.document, "axes": axes, "sha256": hashing.sha256_of_json(axes)})


def versions(*names: str) -> list[dict[str, object]]:
    return [{"name": name, "version": name, "image": None, "env": []} for name in names]


@pytest.mark.parametrize(
    ("asked", "here", "wheel"),
    [
        (0, 0, "tensorflow-cpu"),
        (0, 1, "tensorflow-cpu"),
        (1, 1, "tensorflow"),
        # Optional: it runs on the CPU, where the other wheel would not even import.
        (1, 0, "tensorflow-cpu"),
    ],
)
def test_every_version_has_its_row_and_the_wheel_for_this_machine(
    small_plan: Plan, monkeypatch: pytest.MonkeyPatch, asked: int, here: int, wheel: str
) -> None:
    monkeypatch.setattr(preflight, "gpus_here", lambda: here)
    plan = with_axes(small_plan, versions=versions("2.4.0", "2.13.1"), gpus=asked)
    wanted = preflight.wanted_environments(plan)
    assert wanted["2.13.1"].requirements[0] == f"{wheel}==2.13.1"


def test_all_unknown_versions_are_named_with_the_nearest(small_plan: Plan) -> None:
    plan = with_axes(small_plan, versions=versions("2.4.9", "2.4.0", "9.9"))
    with pytest.raises(PreflightFailed) as caught:
        preflight.wanted_environments(plan)
    first, second = str(caught.value).splitlines()
    assert first.startswith("spec.versions: tensorflow 2.4.9 has no environment")
    assert "nearest is 2.4.0" in first
    assert "tensorflow 9.9" in second


def test_a_required_gpu_must_be_here(small_plan: Plan) -> None:
    plan = with_axes(small_plan, gpus=2, accelerator="Required")
    preflight.check_gpus(plan, 2)
    with pytest.raises(PreflightFailed, match=r"spec\.resources\.gpus: 2 asked for"):
        preflight.check_gpus(plan, 1)
    preflight.check_gpus(with_axes(plan, accelerator="Optional"), 0)


def test_a_folder_must_take_files_and_links(tmp_path: Path) -> None:
    assert preflight.check_store(Folder(str(tmp_path / "new" / "folder"))) == []
    assert list((tmp_path / "new" / "folder").iterdir()) == []
    (tmp_path / "file").touch()
    with pytest.raises(PreflightFailed, match="choose another with --output"):
        preflight.check_store(Folder(str(tmp_path / "file" / "folder")))
