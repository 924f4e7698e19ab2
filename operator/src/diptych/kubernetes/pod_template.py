"""The pods of trials and of the analysis: what is in them and what they may do, which is little.

Restricted Pod Security, a read-only root, no service-account token, no user but 65532. The store's
keys come from a Secret that the operator itself never reads.
"""

from dataclasses import dataclass
from typing import Any

from diptych.api.workload import Workload
from diptych.kubernetes import names, scheduling
from diptych.kubernetes.comparison import Accepted
from diptych.kubernetes.configuration import Configuration
from diptych.kubernetes.objects import labels_of
from diptych.kubernetes.storage import Place
from diptych_runner.contract import modules

Body = dict[str, Any]


@dataclass(frozen=True)
class Parts:
    """What the pods of a comparison are made from."""

    accepted: Accepted
    configuration: Configuration
    plan_map: str


def trial_template(parts: Parts, part: names.Part) -> Body:
    """Return the pod template of a version's trials."""
    assert part.ordinal is not None  # noqa: S101 - the caller's promise
    spec = parts.accepted.resource.spec
    template = spec.template.spec
    resources = {"cpu": spec.resources.cpu, "memory": _trial_memory(parts)}
    if spec.resources.gpus:
        resources[spec.resources.gpu_resource] = str(spec.resources.gpus)
    image = parts.accepted.images[part.ordinal]
    variables = [
        _variable("DIPTYCH_VERSION", spec.versions[part.ordinal].name),
        _variable("DIPTYCH_IMAGE", image),
    ]
    container = _container(parts, names.TRIAL, image, resources, variables)
    container["command"] = ["python3", "-m", "diptych_runner"]
    code = _code(spec.workload)
    container["env"] += [_variable(modules.MODULE_VARIABLE, modules.MODULE_FOLDER) for _ in code]
    container["volumeMounts"] += [
        {"name": volume["name"], "mountPath": modules.MODULE_FOLDER, "readOnly": True}
        for volume in code
    ]
    container["volumeMounts"] += [
        mount.model_dump(exclude_none=True, exclude_defaults=True)
        for mount in template.volume_mounts
    ]
    pod = _pod(parts, container)
    pod["volumes"] += code
    pod["volumes"] += [volume.model_dump(exclude_none=True) for volume in template.volumes]
    if template.runtime_class_name:
        pod["runtimeClassName"] = template.runtime_class_name
    affinity = scheduling.affinity(template, spec.resources)
    return _template(parts, part, {**pod, **({"affinity": affinity} if affinity else {})})


def _code(workload: Workload) -> list[Body]:
    """Return the volume of the user's own code; none where it is built in or in the image."""
    module = workload.module
    if module is None or module.config_map is None:
        return []
    return [{"name": "diptych-module", "configMap": {"name": module.config_map}}]


def analysis_template(parts: Parts, part: names.Part) -> Body:
    """Return the pod template of the analysis: beside the trials, but on no GPU."""
    template = parts.accepted.resource.spec.template.spec
    configuration = parts.configuration
    resources = {"cpu": configuration.analysis_cpu, "memory": configuration.analysis_memory}
    container = _container(parts, names.ANALYSIS, configuration.analysis_image, resources, [])
    container["command"] = ["python", "-m", "diptych_analysis"]
    container["args"] = [
        *("--plan", f"{names.PLAN_FOLDER}/{names.PLAN_KEY}"),
        *("--resource", f"{names.PLAN_FOLDER}/{names.RESOURCE_KEY}"),
    ]
    pod = _pod(parts, container)
    if template.affinity is not None:
        pod["affinity"] = template.affinity.model_dump(exclude_none=True, exclude_defaults=True)
    return _template(parts, part, pod)


def _template(parts: Parts, part: names.Part, pod: Body) -> Body:
    metadata = parts.accepted.resource.spec.template.metadata
    ours = labels_of(parts.accepted.resource.metadata.name, parts.accepted.plan.uid, part)
    made: Body = {"labels": {**metadata.labels, **ours}}
    if metadata.annotations:
        made["annotations"] = dict(metadata.annotations)
    return {"metadata": made, "spec": pod}


def _pod(parts: Parts, container: Body) -> Body:
    """Return the spec of a pod around its container."""
    spec, place = parts.accepted.resource.spec, parts.accepted.place
    volumes: list[Body] = [
        {"name": "diptych-plan", "configMap": {"name": parts.plan_map}},
        {"name": "diptych-tmp", "emptyDir": {}},
    ]
    if place.ca_config_map:
        volumes.append({"name": "diptych-ca", "configMap": {"name": place.ca_config_map}})
    account = {"serviceAccountName": place.service_account} if place.service_account else {}
    return {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        # Variables about every Service of the namespace could steer what is trained.
        "enableServiceLinks": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": names.USER,
            "runAsGroup": names.USER,
            "fsGroup": names.USER,
            # A volume of a million files would be gone over before every pod.
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        **account,
        **scheduling.placement(spec.template.spec),
        "tolerations": scheduling.tolerations(spec.template.spec, spec.resources),
        "containers": [container],
        "volumes": volumes,
    }


def _container(
    parts: Parts, name: str, image: str, resources: dict[str, str], variables: list[Body]
) -> Body:
    place, policy = parts.accepted.place, parts.configuration.image_pull_policy
    mounts: list[Body] = [
        {"name": "diptych-plan", "mountPath": names.PLAN_FOLDER, "readOnly": True},
        {"name": "diptych-tmp", "mountPath": "/tmp"},  # noqa: S108 - the pod's own emptyDir
    ]
    if place.ca_config_map:
        mounts.append({"name": "diptych-ca", "mountPath": names.CA_FOLDER, "readOnly": True})
    return {
        "name": name,
        "image": image,
        **({"imagePullPolicy": policy} if policy else {}),
        "env": [
            _variable("DIPTYCH_PLAN", f"{names.PLAN_FOLDER}/{names.PLAN_KEY}"),
            *variables,
            *_store_variables(place),
            _variable("HOME", "/tmp"),  # noqa: S108 - the root is read-only
        ],
        # Equal, so that a neighbour's load changes no trial's threads or memory.
        "resources": {"requests": dict(resources), "limits": dict(resources)},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        # What a pod said last is all that is left of it: the digest, or why it failed.
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "volumeMounts": mounts,
    }


def _store_variables(place: Place) -> list[Body]:
    given = {
        "DIPTYCH_STORE": place.uri,
        "DIPTYCH_S3_ENDPOINT": place.endpoint,
        "DIPTYCH_S3_REGION": place.region,
        "DIPTYCH_S3_ADDRESSING_STYLE": place.addressing_style,
        "DIPTYCH_S3_CA_BUNDLE": place.ca_config_map and f"{names.CA_FOLDER}/{names.CA_KEY}",
    }
    variables = [_variable(name, value) for name, value in given.items() if value]
    if place.secret is None:
        return variables
    keys = [(key, False) for key in names.REQUIRED_KEYS]
    keys += [(key, True) for key in names.OPTIONAL_KEYS]
    return variables + [_key(place.secret, key, optional=optional) for key, optional in keys]


def _key(secret: str, key: str, *, optional: bool) -> Body:
    reference: Body = {"name": secret, "key": key, **({"optional": True} if optional else {})}
    return {"name": key, "valueFrom": {"secretKeyRef": reference}}


def _variable(name: str, value: str) -> Body:
    return {"name": name, "value": value}


def _trial_memory(parts: Parts) -> str:
    return parts.accepted.resource.spec.resources.memory or parts.configuration.trial_memory
