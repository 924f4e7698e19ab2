import os
from pathlib import Path

import pytest

from diptych.api.storage import Storage
from diptych.local import places, store_packages
from diptych.local.errors import PreflightFailed
from diptych_runner.contract.plan import Plan

STORAGE = Storage(
    uri="s3://results/team-a", endpoint="http://minio.minio.svc:9000", addressing_style="path"
)


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("AWS_", "DIPTYCH_S3_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DIPTYCH_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("output", "storage", "expected"),
    [
        ("s3://other/x", STORAGE, "s3://other/x/{}"),
        (None, STORAGE, "s3://results/team-a/{}"),
        ("here", STORAGE, "{cwd}/here/{}"),
        (None, None, "{cwd}/diptych-results/{}"),
    ],
)
def test_output_wins_over_the_spec_and_the_spec_over_the_folder(
    small_plan: Plan, tmp_path: Path, output: str | None, storage: Storage | None, expected: str
) -> None:
    place = places.place_of(small_plan, output, storage)
    assert place.store.uri == expected.format(small_plan.folder, cwd=tmp_path)
    inside = place.local.is_relative_to(tmp_path / "cache")
    assert inside is expected.startswith("s3://"), "lock and logs of S3 stay on this machine"


def test_the_specs_server_is_used_unless_the_user_names_another() -> None:
    assert places.s3_variables(STORAGE, {"AWS_ENDPOINT_URL_S3": "http://theirs"}) == {
        "DIPTYCH_S3_ENDPOINT": "http://minio.minio.svc:9000",
        "DIPTYCH_S3_ADDRESSING_STYLE": "path",
    }
    own = {"DIPTYCH_S3_ENDPOINT": "http://127.0.0.1:9000"}
    assert places.s3_variables(STORAGE, own) == {"DIPTYCH_S3_ADDRESSING_STYLE": "path"}


def test_an_address_of_another_kind_is_refused_before_anything(small_plan: Plan) -> None:
    with pytest.raises(PreflightFailed, match="gs://: records are kept in a folder or under s3"):
        places.place_of(small_plan, "gs://bucket/x", None)


def test_boto3_is_for_s3_alone(small_plan: Plan) -> None:
    assert not store_packages.needed(small_plan, "/home/me/results")
    assert store_packages.needed(small_plan, "s3://results")
