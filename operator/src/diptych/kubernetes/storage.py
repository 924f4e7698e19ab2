"""Where a comparison's records go: what it says, else what the operator has as its default.

What that was at its beginning stays: it is written down beside the plan, for records that lie in
two stores compare nothing.
"""

from dataclasses import dataclass

from pydantic import ValidationError

from diptych.api.storage import SecretReference, Storage
from diptych.kubernetes.configuration import Configuration


class StorageProblem(ValueError):
    """The comparison's store cannot be used; the message names field, bound and fix."""


@dataclass(frozen=True)
class Place:
    """The store, how it is reached, and the identity that pods have there."""

    uri: str
    endpoint: str | None = None
    region: str | None = None
    addressing_style: str | None = None
    secret: str | None = None
    service_account: str | None = None
    ca_config_map: str | None = None


def place_of(storage: Storage, configuration: Configuration, begun: Storage | None = None) -> Place:
    """Return the store of a comparison; raise StorageProblem when there is none to use.

    The operator's Secret and certificates belong to the operator's own store: a comparison that
    names another endpoint gets neither. One that has begun keeps what it began with, but for its
    account, which must be on the list as that is now.
    """
    account = _allowed(storage.service_account_name, configuration)
    if begun is not None:
        storage, configuration = begun, Configuration()
    uri = storage.uri or configuration.store
    if uri is None:
        raise StorageProblem(
            "spec.storage.uri: must be given, for this operator has no default store; such as "
            "s3://bucket/prefix"
        )
    is_default = storage.endpoint in (None, configuration.endpoint)
    secret = storage.credentials_secret_ref
    default_secret = configuration.credentials_secret if is_default and account is None else None
    default_ca = configuration.ca_config_map if is_default else None
    return Place(
        uri=uri.rstrip("/"),
        endpoint=storage.endpoint or configuration.endpoint,
        region=storage.region or configuration.region,
        addressing_style=storage.addressing_style or configuration.addressing_style,
        secret=secret.name if secret is not None else default_secret,
        service_account=account,
        ca_config_map=storage.ca_bundle_config_map or default_ca,
    )


def text_of(place: Place) -> str:
    """Return a place as it is written down: like spec.storage, without the account."""
    secret = None if place.secret is None else SecretReference(name=place.secret)
    storage = Storage.model_validate(
        {
            "uri": place.uri,
            "endpoint": place.endpoint,
            "region": place.region,
            "addressing_style": place.addressing_style,
            "credentials_secret_ref": secret,
            "ca_bundle_config_map": place.ca_config_map,
        }
    )
    return storage.model_dump_json(indent=1, exclude_none=True) + "\n"


def begun_with(text: str | None) -> Storage | None:
    """Return what was written down; None for nothing, or what no operator of ours wrote."""
    try:
        storage = Storage.model_validate_json(text or "")
    except ValidationError:
        return None
    # An account that stood here would get round the operator's list.
    if storage.uri is None or storage.service_account_name is not None:
        return None
    return storage.model_copy(update={"uri": storage.uri.rstrip("/")})


def _allowed(account: str | None, configuration: Configuration) -> str | None:
    """Return the account if the operator's list has it; raise StorageProblem otherwise."""
    if account is not None and account not in configuration.service_accounts:
        allowed = ", ".join(sorted(configuration.service_accounts)) or "none"
        raise StorageProblem(
            f'spec.storage.serviceAccountName: "{account}" is not on the operator\'s list '
            f"(allowed: {allowed}); use credentialsSecretRef, or have it added to "
            "DIPTYCH_SERVICE_ACCOUNTS"
        )
    return account
