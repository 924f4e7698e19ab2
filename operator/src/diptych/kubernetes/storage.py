"""Where a comparison's records go: what it says, else what the operator has as its default."""

from dataclasses import dataclass

from diptych.api.storage import Storage
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


def place_of(storage: Storage, configuration: Configuration) -> Place:
    """Return the store of a comparison; raise StorageProblem when there is none to use.

    The operator's Secret and certificates belong to the operator's own store: a comparison that
    names another endpoint gets neither.
    """
    uri = storage.uri or configuration.store
    if uri is None:
        raise StorageProblem(
            "spec.storage.uri: must be given, for this operator has no default store; such as "
            "s3://bucket/prefix"
        )
    account = storage.service_account_name
    if account is not None and account not in configuration.service_accounts:
        allowed = ", ".join(sorted(configuration.service_accounts)) or "none"
        raise StorageProblem(
            f'spec.storage.serviceAccountName: "{account}" is not on the operator\'s list '
            f"(allowed: {allowed}); use credentialsSecretRef, or have it added to "
            "DIPTYCH_SERVICE_ACCOUNTS"
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
