"""Twin of records/losses.py."""

import json
import math

import numpy as np
import pytest

from diptych_analysis.errors import RefusalError
from diptych_analysis.records import losses


def lines(*values: object) -> bytes:
    return b"".join(
        json.dumps({"step": step, "train_loss": value}).encode() + b"\n"
        for step, value in enumerate(values, start=1)
    )


def test_lines_become_float64_by_step() -> None:
    read = losses.read_lines("m", lines(1, 0.1, "NaN", "-Infinity"))
    found = losses.losses_of(read)
    assert found.dtype == np.float64
    assert found[:2].tolist() == [1.0, 0.1]
    assert math.isnan(found[2])
    assert losses.first_non_finite(read) == 3
    assert losses.first_non_finite(read[:2]) is None


def test_no_lines_are_no_steps() -> None:
    assert losses.losses_of(losses.read_lines("m", b"")).shape == (0,)


@pytest.mark.parametrize(
    "data",
    [
        b"\n",
        b"[]\n",
        b"3\n",
        b'{"step": 1}\n',
        b'{"step": 2, "train_loss": 1}\n',
        b'{"step": true, "train_loss": 1}\n',
        b'{"step": 1, "train_loss": true}\n',
        b'{"step": 1, "train_loss": null}\n',
        b'{"step": 1, "train_loss": "inf"}\n',
        b'{"step": 1, "train_loss": 1' + b"0" * 400 + b"}\n",
        lines(1.0) * 2,
        lines(1.0, 2.0)[:-4],
    ],
)
def test_other_lines_are_refused(data: bytes) -> None:
    with pytest.raises(RefusalError, match=r"^m"):
        losses.read_lines("m", data)


def test_the_digest_is_of_values_and_names_not_of_spelling() -> None:
    def digest(data: bytes) -> str:
        return losses.digest(losses.read_lines("m", data))

    assert digest(lines(1, 0.5)) == digest(lines(1.0, 0.50).replace(b": ", b":"))
    assert digest(lines(1.0)) != digest(lines(1.0000000000000002))
    assert digest(lines(0.0)) != digest(lines(-0.0))
    assert digest(lines(1.0)) != digest(lines(1.0, 1.0))
    assert digest(lines("NaN")) != digest(lines("Infinity"))
    assert digest(lines(1.0)) != digest(lines(1.0).replace(b"}", b', "extra": 1}'))
