"""PyTorch's environments come from the project's own table, as everything does that is compared."""

from tests.integration.conftest import run_script, run_version

__all__ = ["run_script", "run_version"]
