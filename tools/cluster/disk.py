"""Whether there is room for a cluster's images: a node whose disk is full breaks in the middle."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from tools.cluster.errors import ClusterError

GIB = 1 << 30
#: Where Buildah keeps what it builds.
CONTAINERS = Path("/var/lib/containers")
#: What an image store takes that has nothing yet, and what a cluster needs beside what is there:
#: layers that are unpacked, archives on their way to the node, and what pods write.
TO_BUILD = 8 * GIB
TO_RUN = 5 * GIB


def check_room(needed: Mapping[Path, int]) -> None:
    """Raise ClusterError with figures where a folder's disk has fewer bytes free than needed.

    What several folders of one disk need is added up.
    """
    disks: dict[int, list[Path]] = {}
    for folder, size in needed.items():
        if size:
            disks.setdefault(_nearest(folder).stat().st_dev, []).append(folder)
    for folders in disks.values():
        total = sum(needed[folder] for folder in folders)
        free = shutil.disk_usage(_nearest(folders[0])).free
        if free < total:
            places = " and ".join(str(folder) for folder in folders)
            raise ClusterError(
                f"a real node's images need {total / GIB:.1f} GiB in {places}, and "
                f"{free / GIB:.1f} GiB are free there; free some more, then try again"
            )


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest above it that there is."""
    while not folder.exists():
        folder = folder.parent
    return folder
