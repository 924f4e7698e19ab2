"""A control plane for the session, and a namespace of its own for each test."""

import uuid
from collections.abc import Iterator

import pytest
from tests.requirements import left_out_where_missing
from tools.cluster.control_plane import ControlPlane
from tools.cluster.control_plane import control_plane as running_control_plane


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A real control plane; its programs are built first where they are missing (minutes, once)."""
    folder = tmp_path_factory.mktemp("control-plane")
    with left_out_where_missing(), running_control_plane(folder) as plane:
        yield plane


@pytest.fixture
def namespace(control_plane: ControlPlane) -> Iterator[str]:
    """A namespace with its service account; what a test leaves in it is deleted behind it."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    control_plane.make_namespace(name)
    yield name
    control_plane.run_kubectl("delete", "namespace", name, "--wait=false")
