from collections.abc import Callable

import pytest

Told = Callable[..., list[tuple[str, str]]]
DATA = {"uri": "https://example.org/mnist.npz", "sha256": "a" * 64}


def test_a_workload_that_makes_its_own_data_takes_none(told: Told) -> None:
    [(path, message)] = told(workload={"builtin": "adam-linear-regression", "data": DATA})
    assert path == "spec.workload.data"
    assert message == "adam-linear-regression makes its own data and takes no data set"


def test_mnist_mlp_takes_a_data_set(told: Told) -> None:
    assert told(workload={"builtin": "mnist-mlp", "data": DATA}) == []


@pytest.mark.parametrize(
    "uri",
    [
        "s3://data/mnist.npz",
        "https://example.org:8443/a/mnist.npz",
        "http://127.0.0.1:9000/mnist.npz",
        "file:///data/mnist.npz",
    ],
)
def test_an_address_has_one_of_four_schemes(told: Told, uri: str) -> None:
    assert told(workload={"builtin": "mnist-mlp", "data": {**DATA, "uri": uri}}) == []


@pytest.mark.parametrize(
    "uri",
    [
        "https://me:key@example.org/mnist.npz",
        "https://example.org/mnist.npz?X-Amz-Signature=key",
        "ftp://example.org/mnist.npz",
        "/data/mnist.npz",
        "file://data/mnist.npz",
    ],
)
def test_an_address_with_secrets_or_without_a_scheme_is_refused(told: Told, uri: str) -> None:
    [(path, message)] = told(workload={"builtin": "mnist-mlp", "data": {**DATA, "uri": uri}})
    assert path == "spec.workload.data.uri"
    assert "s3://, https://, http:// or file:///, without user" in message
