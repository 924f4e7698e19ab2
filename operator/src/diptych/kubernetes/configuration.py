"""What the operator itself is told, by environment variables; all of it is checked at the start."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from diptych.api.base import (
    BYTES_PATTERN,
    CPU_PATTERN,
    DNS_LABEL_PATTERN,
    DNS_SUBDOMAIN_PATTERN,
    ENDPOINT_PATTERN,
    PATTERN_BOUNDS,
    S3_PATTERN,
)

RUNNER_IMAGE = "DIPTYCH_RUNNER_IMAGE"
ANALYSIS_IMAGE = "DIPTYCH_ANALYSIS_IMAGE"
PULL_POLICIES = ("Always", "IfNotPresent", "Never")
ADDRESSING_STYLES = ("auto", "path", "virtual")


class ConfigurationError(ValueError):
    """The operator's own environment is wrong; the message names every variable that is."""


@dataclass(frozen=True)
class Configuration:
    """The operator's defaults for comparisons, and where it serves."""

    runner_image: str | None = None
    analysis_image: str = ""
    store: str | None = None
    endpoint: str | None = None
    region: str | None = None
    addressing_style: str | None = None
    credentials_secret: str | None = None
    ca_config_map: str | None = None
    service_accounts: frozenset[str] = frozenset()
    namespaces: tuple[str, ...] = ()
    trial_memory: str = "2Gi"
    analysis_cpu: str = "1"
    analysis_memory: str = "2Gi"
    image_pull_policy: str | None = None
    watch_silence: int = 70
    store_patience: int = 86_400
    liveness: str = "0.0.0.0:8080"
    metrics: str = "0.0.0.0:9090"


def from_environment(environment: Mapping[str, str]) -> Configuration:
    """Return the configuration; raise ConfigurationError that names every mistake."""
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    problems = list(_problems(given))
    if problems:
        raise ConfigurationError("; ".join(problems))
    default = Configuration()
    return Configuration(
        runner_image=given.get(RUNNER_IMAGE),
        analysis_image=given[ANALYSIS_IMAGE],
        store=given.get("DIPTYCH_STORE"),
        endpoint=given.get("DIPTYCH_S3_ENDPOINT"),
        region=given.get("DIPTYCH_S3_REGION"),
        addressing_style=given.get("DIPTYCH_S3_ADDRESSING_STYLE"),
        credentials_secret=given.get("DIPTYCH_CREDENTIALS_SECRET"),
        ca_config_map=given.get("DIPTYCH_CA_CONFIG_MAP"),
        service_accounts=frozenset(_list(given.get("DIPTYCH_SERVICE_ACCOUNTS", ""))),
        namespaces=_list(given.get("DIPTYCH_NAMESPACES", "")),
        trial_memory=given.get("DIPTYCH_TRIAL_MEMORY", default.trial_memory),
        analysis_cpu=given.get("DIPTYCH_ANALYSIS_CPU", default.analysis_cpu),
        analysis_memory=given.get("DIPTYCH_ANALYSIS_MEMORY", default.analysis_memory),
        image_pull_policy=given.get("DIPTYCH_IMAGE_PULL_POLICY"),
        watch_silence=int(given.get("DIPTYCH_WATCH_SILENCE", default.watch_silence)),
        store_patience=int(given.get("DIPTYCH_STORE_PATIENCE", default.store_patience)),
        liveness=given.get("DIPTYCH_LIVENESS", _in_family(given, default.liveness)),
        metrics=given.get("DIPTYCH_METRICS", _in_family(given, default.metrics)),
    )


def _in_family(given: Mapping[str, str], address: str) -> str:
    """Return an address in the family that the kubelet asks pods in: that of the API server.

    One that served both would do, but the probe's server keeps its IPv6 sockets to IPv6.
    """
    is_ipv6 = ":" in given.get("KUBERNETES_SERVICE_HOST", "")
    return address.replace("0.0.0.0", "[::]") if is_ipv6 else address  # noqa: S104 - a pod's own


def _problems(given: Mapping[str, str]) -> list[str]:
    """Return what is wrong, a sentence each."""
    found = []
    if ANALYSIS_IMAGE not in given:
        found.append(f"{ANALYSIS_IMAGE} is not set: the image that analyses, with its tag")
    runner = given.get(RUNNER_IMAGE, "{framework}{version}")
    unknown = set(re.findall(r"\{([^}]*)\}", runner)) - {"framework", "version"}
    stray = set("{}").intersection(re.sub(r"\{[^{}]*\}", "", runner))
    if unknown or stray or "{version}" not in runner:
        found.append(
            f"{RUNNER_IMAGE} is {runner!r}: it must have {{version}}, may have {{framework}}, and "
            "nothing else in braces, such as registry/diptych-runner:{framework}-{version}"
        )
    for name, (pattern, bound) in _PATTERNS.items():
        values = _list(given.get(name, "")) if name in _LISTS else [given.get(name)]
        found += [
            f"{name} has {value!r}: it must be {bound}"
            for value in values
            if value is not None and not re.fullmatch(pattern, value)
        ]
    return found


def _list(text: str) -> tuple[str, ...]:
    """Return the comma-separated names of a variable."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


_ADDRESS = (r"[0-9A-Za-z.:\[\]-]+:[0-9]{1,5}", "an address and port such as 0.0.0.0:8080")
_OBJECT = (DNS_SUBDOMAIN_PATTERN, "the name of a Kubernetes object")
_LISTS = ("DIPTYCH_SERVICE_ACCOUNTS", "DIPTYCH_NAMESPACES")
_PATTERNS = {
    "DIPTYCH_STORE": (S3_PATTERN, PATTERN_BOUNDS[S3_PATTERN]),
    "DIPTYCH_S3_ENDPOINT": (ENDPOINT_PATTERN, "http:// or https:// with a host"),
    "DIPTYCH_S3_REGION": (DNS_LABEL_PATTERN, "a region such as us-east-1"),
    "DIPTYCH_S3_ADDRESSING_STYLE": ("|".join(ADDRESSING_STYLES), " or ".join(ADDRESSING_STYLES)),
    "DIPTYCH_CREDENTIALS_SECRET": _OBJECT,
    "DIPTYCH_CA_CONFIG_MAP": _OBJECT,
    "DIPTYCH_SERVICE_ACCOUNTS": _OBJECT,
    "DIPTYCH_NAMESPACES": (DNS_LABEL_PATTERN, "the name of a namespace"),
    "DIPTYCH_TRIAL_MEMORY": (BYTES_PATTERN, "bytes such as 16Gi"),
    "DIPTYCH_ANALYSIS_CPU": (CPU_PATTERN, "CPU cores such as 1 or 500m"),
    "DIPTYCH_ANALYSIS_MEMORY": (BYTES_PATTERN, "bytes such as 2Gi"),
    "DIPTYCH_IMAGE_PULL_POLICY": ("|".join(PULL_POLICIES), " or ".join(PULL_POLICIES)),
    "DIPTYCH_WATCH_SILENCE": (r"[1-9][0-9]{0,2}", "whole seconds from 1 to 999"),
    "DIPTYCH_STORE_PATIENCE": (r"[1-9][0-9]{1,6}", "whole seconds from 10 to 9999999"),
    "DIPTYCH_LIVENESS": _ADDRESS,
    "DIPTYCH_METRICS": _ADDRESS,
}
