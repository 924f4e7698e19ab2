"""Renders a kustomization, with the kubectl of this machine or one that is built."""

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.requirements import left_out_where_missing
from tools import manifests

Objects = list[dict[str, Any]]
ROOT = manifests.ROOT / "manifests"


@pytest.fixture(scope="session")
def kubectl() -> Path:
    with left_out_where_missing():
        return manifests.kubectl()
    raise AssertionError


@pytest.fixture(scope="session")
def render(kubectl: Path) -> Callable[[Path], Objects]:
    """Return a function from a folder to its objects."""

    def objects(folder: Path) -> Objects:
        return list(yaml.safe_load_all(manifests.rendered(folder, kubectl)))

    return functools.cache(objects)


@pytest.fixture
def with_components(render: Callable[[Path], Objects], tmp_path: Path) -> Callable[..., Objects]:
    """Return a function that renders the base with components, as an overlay of a user's would."""

    def objects(*components: str) -> Objects:
        lines = ["apiVersion: kustomize.config.k8s.io/v1beta1", "kind: Kustomization"]
        lines += ["resources:", f"  - {os.path.relpath(ROOT / 'base', tmp_path.resolve())}"]
        lines += ["components:"]
        for name in components:
            lines.append(f"  - {os.path.relpath(ROOT / 'components' / name, tmp_path.resolve())}")
        (tmp_path / "kustomization.yaml").write_text("\n".join(lines), encoding="utf-8")
        return render(tmp_path)

    return objects
