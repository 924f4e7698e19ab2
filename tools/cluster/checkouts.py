"""The folders of each checkout's clusters, so that two do not meet; and their end.

A checkout that is deleted, as CI's is, leaves gigabytes of images behind: whoever comes next
removes them.
"""

import hashlib
import os
import shutil
from pathlib import Path

from tools.cluster.binaries import cluster_cache
from tools.cluster.watchdog import start_time


def name_of(checkout: Path) -> str:
    """Return a short name for a checkout: two do not meet under it."""
    return hashlib.sha256(os.fsencode(checkout)).hexdigest()[:8]


def names() -> set[str]:
    """Return the names of the checkouts that have a folder."""
    folders = (cluster_cache() / "running").glob("*/checkout")
    return {told.parent.name.partition("-")[0] for told in folders}


def state(level: int) -> Path:
    """Return the folder of the cluster that the checkout in the working folder has."""
    checkout = Path.cwd().resolve()
    folder = cluster_cache() / "running" / f"{name_of(checkout)}-level{level}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "checkout").write_text(str(checkout), encoding="utf-8")
    return folder


def images_of(folder: Path) -> Path:
    """Return where the images of a cluster stay between runs."""
    return folder.with_name(f"{folder.name}-images")


def holder_of(folder: Path) -> int | None:
    """Return the process that holds a cluster, None when there is none."""
    try:
        pid, began = (folder / "holder").read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return None
    return int(pid) if start_time(int(pid)) == began else None


def build_lock(image: str) -> Path:
    """Return what is locked while an image is built, by its name with the checkout's in it."""
    return cluster_cache() / f"{image.replace('/', '-')}.lock"


def clear(folder: Path) -> None:
    """Remove what a cluster left in its folder: keys, configuration, logs.

    What says whose it is stays: by it others know whose built images to keep.
    """
    for left in folder.iterdir():
        if left.name == "checkout":
            continue
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()


def forget_deleted() -> list[Path]:
    """Remove the folders of checkouts that are no more; return those folders."""
    found = [
        told.parent
        for told in (cluster_cache() / "running").glob("*/checkout")
        if not Path(told.read_text(encoding="utf-8")).exists() and holder_of(told.parent) is None
    ]
    for folder in found:
        for lock in cluster_cache().glob(f"*-{folder.name.partition('-')[0]}-*.lock"):
            lock.unlink(missing_ok=True)
        shutil.rmtree(images_of(folder), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
    return found
