from collections.abc import Callable

Told = Callable[..., list[tuple[str, str]]]


def test_a_store_is_written_with_one_identity(told: Told) -> None:
    storage = {"credentialsSecretRef": {"name": "s3"}, "serviceAccountName": "writer"}
    assert [path for path, _ in told(storage=storage)] == ["spec.storage.serviceAccountName"]
    assert told(storage={"serviceAccountName": "writer"}) == []
