from collections.abc import Callable

import pytest

Told = Callable[..., list[tuple[str, str]]]


def test_a_quota_s_name_of_a_resource_is_none(told: Told) -> None:
    assert told(resources={"gpus": 1, "gpuResource": "requests.nvidia.com/gpu"}) == [
        (
            "spec.resources.gpuResource",
            'must not begin with requests., as only quotas name it; got "requests.nvidia.com/gpu"',
        )
    ]


@pytest.mark.parametrize("name", ["gpu", "cpu", "nvidia.com/", "a..b/gpu", "a.b/" + "g" * 64])
def test_a_resource_has_a_domain_and_a_name(told: Told, name: str) -> None:
    [(path, message)] = told(resources={"gpus": 1, "gpuResource": name})
    assert path == "spec.resources.gpuResource"
    assert message.startswith("must be a resource's name with its domain, like nvidia.com/gpu; got")


@pytest.mark.parametrize("name", ["amd.com/gpu", "nvidia.com/mig-1g.5gb", "a/g", "requests/gpu"])
def test_other_resources_are_taken(told: Told, name: str) -> None:
    assert told(resources={"gpus": 1, "gpuResource": name}) == []
