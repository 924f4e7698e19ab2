import dataclasses

import pytest

from diptych.api.storage import SecretReference, Storage
from diptych.kubernetes.configuration import Configuration
from diptych.kubernetes.storage import StorageProblem, begun_with, place_of, text_of

OPERATORS = Configuration(
    store="s3://ours/all",
    endpoint="http://minio:9000",
    region="us-east-1",
    addressing_style="path",
    credentials_secret="ours",
    ca_config_map="our-ca",
    service_accounts=frozenset({"writer"}),
)


def test_the_operator_s_store_is_the_default() -> None:
    place = place_of(Storage(), OPERATORS)
    assert place.uri == "s3://ours/all"
    assert place.endpoint == "http://minio:9000"
    assert (place.secret, place.ca_config_map) == ("ours", "our-ca")


def test_a_comparison_s_own_server_gets_none_of_the_operator_s_keys() -> None:
    place = place_of(Storage(uri="s3://mine", endpoint="https://mine"), OPERATORS)
    assert (place.secret, place.ca_config_map) == (None, None)
    secret = SecretReference(name="mine")
    mine = Storage(uri="s3://mine", endpoint="https://mine", credentials_secret_ref=secret)
    assert place_of(mine, OPERATORS).secret == "mine"


def test_a_service_account_must_be_on_the_list_and_takes_no_secret() -> None:
    place = place_of(Storage(service_account_name="writer"), OPERATORS)
    assert (place.service_account, place.secret) == ("writer", None)
    with pytest.raises(StorageProblem, match=r'"admin" is not on .*\(allowed: writer\)'):
        place_of(Storage(service_account_name="admin"), OPERATORS)


def test_there_must_be_a_store() -> None:
    with pytest.raises(StorageProblem, match=r"^spec\.storage\.uri: must be given"):
        place_of(Storage(), dataclasses.replace(OPERATORS, store=None))


def test_what_a_comparison_began_with_stays_whatever_the_operator_has_since() -> None:
    place = place_of(Storage(region="eu-west-1"), OPERATORS)
    begun = begun_with(text_of(place))
    other = Configuration(store="s3://new", endpoint="http://new:9000", credentials_secret="new")
    assert place_of(Storage(region="eu-west-1"), other, begun) == place
    assert place_of(Storage(), Configuration(), begun) == place
    assert begun == begun_with(text_of(place).replace("s3://ours/all", "s3://ours/all/"))


def test_an_account_is_on_the_list_as_it_is_now_and_never_the_written_one() -> None:
    asked = Storage(service_account_name="writer")
    place = place_of(asked, OPERATORS)
    begun = begun_with(text_of(place))
    assert place_of(asked, OPERATORS, begun) == place
    with pytest.raises(StorageProblem, match="is not on the operator's list"):
        place_of(asked, dataclasses.replace(OPERATORS, service_accounts=frozenset()), begun)
    assert begun_with('{"uri": "s3://ours/all", "serviceAccountName": "admin"}') is None


@pytest.mark.parametrize(
    "text",
    [None, "", "{", "{}", '{"endpoint": "http://x"}', '{"uri": "s3://a", "new": 1}', "7"],
    ids=["none", "empty", "cut off", "nothing in it", "no address", "a field of later", "no map"],
)
def test_what_is_not_understood_is_not_there(text: str | None) -> None:
    assert begun_with(text) is None
