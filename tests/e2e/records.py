"""Two stores of the same comparison, compared: verdict, numbers, and the bits of every array."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from tests.e2e.clusters import Cluster

from diptych_runner.stores.base import Store
from diptych_runner.stores.folder import Folder

#: What no two runs share: times, memory, and who asked.
_OF_A_RUN = ("comparison", "commits", "resources", "timing")


def assert_same_as_here(cluster: Cluster, resource: dict[str, Any], folder: Path) -> None:
    """Hold that a finished comparison is what the local engine makes of the same file."""
    here = _run_here(resource, folder)
    name = resource["metadata"]["name"]
    with cluster.store(name) as there:
        assert len(trials(there)) == cluster.status(name)["trials"]["total"]
        assert trials(there) == trials(here)
        assert numbers(there) == numbers(here)
    assert cluster.status(name)["summary"]["verdict"] == numbers(here)["verdict"]


def _run_here(resource: dict[str, Any], folder: Path) -> Store:
    file = folder / "comparison.yaml"
    file.write_text(yaml.safe_dump(resource), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "diptych", "run", str(file), "--output", str(folder / "records")],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    (records,) = (folder / "records").glob(f"{resource['metadata']['name']}-*")
    return Folder(str(records))


def numbers(store: Store) -> Any:  # noqa: ANN401 - JSON
    """Return summary.json without what differs from run to run."""
    text = store.read("summary.json")
    assert text is not None, f"{store.uri}: no summary.json"
    return _stripped(json.loads(text))


def trials(store: Store) -> dict[str, Any]:
    """Return what every committed trial left: its outcome, each array's hash, and every loss."""
    found = {}
    for path in store.walk("trials"):
        folder, _, name = path.rpartition("/")
        if name == "COMMIT":
            commit = _json(store, path)
            attempt = f"{folder}/attempts/{commit['attempt']}"
            found[folder] = {
                "outcome": commit["outcome"],
                "arrays": _json(store, f"{attempt}/manifest.json")["arrays"],
                "losses": store.read(f"{attempt}/metrics.jsonl"),
            }
    return found


def _json(store: Store, path: str) -> Any:  # noqa: ANN401
    text = store.read(path)
    assert text is not None, f"{store.uri}: no {path}"
    return json.loads(text)


def _stripped(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {key: _stripped(each) for key, each in value.items() if key not in _OF_A_RUN}
    if isinstance(value, list):
        return [_stripped(each) for each in value]
    return value
