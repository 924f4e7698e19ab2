"""Renders a folder of manifests/ into one file: `make install-yaml`.

kubectl has kustomize in it. The one on PATH serves; where there is none, one is built from
Kubernetes' own Go module, as for the test clusters.
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.cluster.binaries import program
from tools.cluster.errors import ClusterError

ROOT = Path(__file__).resolve().parents[1]
BASE = ROOT / "manifests" / "base"
KIND = ROOT / "manifests" / "overlays" / "kind"
PRODUCTION = ROOT / "manifests" / "overlays" / "production"


def kubectl() -> Path:
    """Return a kubectl; raise ClusterError when there is none and none can be built."""
    found = shutil.which("kubectl")
    return Path(found) if found else program("kubectl")


def rendered(folder: Path, kubectl: Path) -> str:
    """Return the objects of a kustomization as YAML; raise ClusterError with kustomize's reason."""
    made = subprocess.run(
        [str(kubectl), "kustomize", str(folder)], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        raise ClusterError(f"{folder}: {made.stderr.strip()}")
    return made.stdout


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file and say where it is; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.manifests", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=BASE, help="manifests/base if none")
    parser.add_argument("--output", type=Path, default=ROOT / "dist" / "install.yaml")
    options = parser.parse_args(arguments)
    try:
        text = rendered(options.folder, kubectl())
    except ClusterError as error:
        print(error, file=sys.stderr)
        return 1
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(text, encoding="utf-8")
    print(f"{options.output}: apply it with kubectl apply --server-side -f {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
