"""A real node is refused with figures where its images have no room."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from tools.cluster import disk
from tools.cluster.errors import ClusterError
from tools.cluster.real_cluster import FILES

Free = Callable[[float], None]


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Free:
    """Set how many GiB are free, on every disk."""

    def set_to(gib: float) -> None:
        usage = SimpleNamespace(free=int(gib * disk.GIB))
        monkeypatch.setattr("shutil.disk_usage", lambda _folder: usage)

    return set_to


def test_what_folders_of_one_disk_need_is_added_up(free: Free, tmp_path: Path) -> None:
    needed = {tmp_path / "a" / "not yet": 5 * disk.GIB, tmp_path / "b": 8 * disk.GIB}
    free(13)
    disk.check_room(needed)
    free(12.9)
    with pytest.raises(ClusterError) as caught:
        disk.check_room(needed)
    told = f"need 13.0 GiB in {tmp_path}/a/not yet and {tmp_path}/b, and 12.9 GiB are free there"
    assert told in str(caught.value)


def test_a_folder_that_needs_nothing_is_not_looked_at(free: Free, tmp_path: Path) -> None:
    free(0)
    disk.check_room({tmp_path: 0})


def test_no_image_of_a_node_is_removed_when_its_disk_is_full() -> None:
    kubelet = yaml.safe_load((FILES / "kubelet.yaml").read_text())
    # A threshold of a file system has kubelet remove images before it evicts pods.
    assert set(kubelet["evictionHard"]) == {"memory.available"}
    assert kubelet["imageGCHighThresholdPercent"] == 100
