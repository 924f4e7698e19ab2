"""A server behind a private certificate authority, and credentials that expire."""

import contextlib
import os
import ssl
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
import trustme
from tests.integration.s3 import servers
from tests.requirements import left_out_where_missing
from tools.cluster.binaries import program

from diptych_runner.stores.base import Store
from diptych_runner.stores.errors import StoreError
from diptych_runner.stores.location import store_at

AsUser = Callable[[dict[str, str]], None]


def exercise(store: Store) -> None:
    """Write, read, create once and list: what a run needs."""
    assert store.check() == []
    store.write("a/b", b"content")
    assert store.read("a/b") == b"content"
    assert store.create("COMMIT", b"first")
    assert not store.create("COMMIT", b"second")
    assert store.children("") == ["COMMIT", "a"]


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Run MinIO with a certificate of our own authority; yield its address and the authority."""
    home = tmp_path_factory.mktemp("private")
    authority = trustme.CA()
    bundle = home / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    issued = authority.issue_cert("127.0.0.1", "localhost")
    certificates = home / "certs"
    certificates.mkdir()
    for part in issued.cert_chain_pems:
        part.write_to_path(str(certificates / "public.crt"), append=True)
    issued.private_key_pem.write_to_path(str(certificates / "private.key"))
    with left_out_where_missing():
        binary = program("minio")
    (port,) = servers.free_ports(1)
    process = subprocess.Popen(
        [
            *(str(binary), "server", "--quiet", "--certs-dir", str(certificates)),
            *("--address", f"127.0.0.1:{port}", str(home / "data")),
        ],
        env={
            **os.environ,
            "MINIO_ROOT_USER": servers.KEY,
            "MINIO_ROOT_PASSWORD": servers.SECRET,
            "MINIO_SITE_REGION": servers.REGION,
            "MINIO_BROWSER": "off",
            "MINIO_UPDATE": "off",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    endpoint = f"https://127.0.0.1:{port}"
    try:
        wait_for(f"{endpoint}/minio/health/live", bundle)
        boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=servers.REGION,
            aws_access_key_id=servers.KEY,
            aws_secret_access_key=servers.SECRET,
            verify=str(bundle),
        ).create_bucket(
            Bucket=servers.BUCKET,
            CreateBucketConfiguration={"LocationConstraint": servers.REGION},
        )
        yield endpoint, bundle
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(url: str, bundle: Path) -> None:
    context = ssl.create_default_context(cafile=str(bundle))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(url, context=context, timeout=5),  # noqa: S310 - loopback
        ):
            return
        time.sleep(0.2)
    pytest.fail("MinIO did not answer over TLS")


def variables(endpoint: str, **more: str) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": servers.KEY,
        "AWS_SECRET_ACCESS_KEY": servers.SECRET,
        "AWS_ENDPOINT_URL_S3": endpoint,
        "AWS_REGION": servers.REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
        **more,
    }


def somewhere() -> str:
    return f"s3://{servers.BUCKET}/{uuid.uuid4().hex[:12]}"


@pytest.mark.parametrize("name", ["DIPTYCH_S3_CA_BUNDLE", "AWS_CA_BUNDLE"])
def test_a_private_authority_is_believed_when_it_is_given(
    private: tuple[str, Path], as_user: AsUser, name: str
) -> None:
    endpoint, bundle = private
    as_user(variables(endpoint, **{name: str(bundle)}))
    exercise(store_at(somewhere()))


def test_an_unknown_authority_is_refused_before_anything_is_sent(
    private: tuple[str, Path], as_user: AsUser
) -> None:
    as_user(variables(private[0]))
    with pytest.raises(StoreError) as caught:
        store_at(somewhere()).check()
    assert servers.SECRET not in str(caught.value)
    assert "certificate" in str(caught.value).lower()


def test_credentials_that_expire_come_with_a_session_token(
    private: tuple[str, Path], as_user: AsUser
) -> None:
    endpoint, bundle = private
    issued = boto3.client(
        "sts",
        endpoint_url=endpoint,
        region_name=servers.REGION,
        aws_access_key_id=servers.KEY,
        aws_secret_access_key=servers.SECRET,
        verify=str(bundle),
    ).assume_role(RoleArn="arn:aws:iam::000000000000:role/test", RoleSessionName="test")
    temporary = issued["Credentials"]
    token = temporary["SessionToken"]
    given = {
        "AWS_ACCESS_KEY_ID": temporary["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": temporary["SecretAccessKey"],
        "DIPTYCH_S3_CA_BUNDLE": str(bundle),
    }
    as_user({**variables(endpoint), **given, "AWS_SESSION_TOKEN": token})
    exercise(store_at(somewhere()))
    as_user({**variables(endpoint), **given})
    with pytest.raises(StoreError) as caught:
        store_at(somewhere()).check()
    assert temporary["SecretAccessKey"] not in str(caught.value)
