"""Where a comparison's records go, and where this machine keeps its own files about it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from diptych.api.storage import Storage
from diptych.local import cache
from diptych.local.errors import PreflightFailed
from diptych_runner.contract import hashing
from diptych_runner.contract.plan import Plan
from diptych_runner.stores import settings
from diptych_runner.stores.base import Store
from diptych_runner.stores.errors import StoreError
from diptych_runner.stores.location import is_s3, store_at

DEFAULT_OUTPUT = "diptych-results"
#: Lock and logs of this engine; no part of the record.
ENGINE_FOLDER = "local"


@dataclass(frozen=True)
class Place:
    """The store of one comparison, and how to reach it.

    `output` is the address that folders of comparisons are made under; `local` a folder of this
    machine for lock and logs; `variables` are the settings of S3, for the runners.
    """

    output: str
    store: Store
    local: Path
    variables: Mapping[str, str]


def place_of(plan: Plan, output: str | None, storage: Storage | None) -> Place:
    """Return the place of a plan: what the user asked for, else the spec's, else a folder.

    Raises PreflightFailed for an address or a setting that cannot be used.
    """
    address = output or (storage and storage.uri) or DEFAULT_OUTPUT
    variables = s3_variables(storage, os.environ)
    try:
        if not is_s3(address):
            address = str(Path(address).absolute()) if "://" not in address else address
        store = store_at(address, {**os.environ, **variables}).below(plan.folder)
    except StoreError as error:
        raise PreflightFailed(str(error)) from error
    if is_s3(address):
        name = f"{plan.folder}-{hashing.sha256_of_json(address.rstrip('/'))[:12]}"
        return Place(address, store, cache.cache_root() / "comparisons" / name, variables)
    return Place(address, store, Path(store.uri) / ENGINE_FOLDER, variables)


def s3_variables(storage: Storage | None, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the spec's settings of S3 as variables, without those that the user set.

    A cluster's address of a server may be another than this machine's: DIPTYCH_S3_ENDPOINT wins.
    """
    if storage is None:
        return {}
    asked = settings.as_environment(
        settings.Settings(storage.endpoint, storage.region, storage.addressing_style, None)
    )
    return {name: value for name, value in asked.items() if not environment.get(name)}
