"""The example of PyTorch, run as a user runs it."""

from pathlib import Path

import numpy as np
import pytest
from tests.integration.test_examples import run_example
from tests.integration.test_mlp_examples import records_of

from diptych_runner.contract import names


@pytest.mark.needs_python("3.9")
def test_1_11_0_and_1_12_1_part_by_rounding_alone(tmp_path: Path) -> None:
    summary = run_example("mnist-mlp-pytorch-1.11.0-vs-1.12.1.yaml", tmp_path)
    assert summary["verdict"] == "Equivalent"
    assert summary["trials"]["succeeded"] == summary["trials"]["planned"]
    (candidate,) = summary["candidates"]
    assert not candidate["trajectory"]["bitIdentical"]
    assert [row["control"] for row in candidate["attribution"]] == list(names.CONTROLS)
    found = records_of(tmp_path)
    assert {control for _, control, _ in found} == set(names.CONTROLS)
    for (version, control, seed), record in found.items():
        if version == "1.11.0":
            newer = found["1.12.1", control, seed]
            np.testing.assert_allclose(newer.losses, record.losses, rtol=1e-5)
            assert newer.inputs == record.inputs
