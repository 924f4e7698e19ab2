import pytest

from diptych_runner.stores import location, settings
from diptych_runner.stores.errors import StoreError
from diptych_runner.stores.folder import Folder


def test_a_path_is_a_folder(tmp_path):
    store = location.store_at(str(tmp_path))
    assert isinstance(store, Folder)
    assert store.uri == str(tmp_path)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("s3://results", ("results", "")),
        ("s3://results/", ("results", "")),
        ("s3://my.bucket-1/team a/x/", ("my.bucket-1", "team a/x")),
    ],
)
def test_s3_addresses_have_a_bucket_and_a_key(uri, expected):
    assert tuple(location.parse(uri)) == expected


@pytest.mark.parametrize("uri", ["s3://", "s3://ab/x", "s3://Upper/x", "s3:///x", "s3://a_b/x"])
def test_other_s3_addresses_are_refused_by_name(uri):
    with pytest.raises(StoreError) as caught:
        location.parse(uri)
    assert uri in str(caught.value)
    assert "s3://bucket/prefix" in str(caught.value)


def test_other_schemes_are_refused_without_what_they_may_hide():
    with pytest.raises(StoreError) as caught:
        location.store_at("https://me:hidden@host/x")
    assert "https://" in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_our_variables_win_over_those_of_aws_and_travel():
    given = settings.from_environment(
        {
            "DIPTYCH_S3_ENDPOINT": "http://ours:9000",
            "AWS_ENDPOINT_URL_S3": "http://theirs",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "DIPTYCH_S3_ADDRESSING_STYLE": "",
        }
    )
    assert given == settings.Settings("http://ours:9000", "eu-west-1", None, None)
    assert settings.from_environment(settings.as_environment(given)) == given


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"AWS_ENDPOINT_URL": "http://me:hidden@host"}, "not an address"),
        ({"DIPTYCH_S3_ADDRESSING_STYLE": "dns"}, "auto, path, virtual"),
        ({"AWS_CA_BUNDLE": "/nowhere/ca.crt"}, "/nowhere/ca.crt"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(variables, expected):
    with pytest.raises(StoreError) as caught:
        settings.from_environment(variables)
    assert expected in str(caught.value)
    assert "hidden" not in str(caught.value)
