"""Where pods go: onto GPUs of one model, past the GPU taint, off a lost node within half a minute.

All of it is added to what the comparison's template asks for, and takes nothing of it away.
"""

from typing import Any

from diptych.api.affinity import Affinity
from diptych.api.resources import Resources
from diptych.api.template import TemplateSpec
from diptych.kubernetes import names

Body = dict[str, Any]

#: Kubernetes waits 300 s by default before it gives up the pods of a node that went silent.
LOST_NODE_SECONDS = 30
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def tolerations(template: TemplateSpec, resources: Resources) -> list[Body]:
    """Return the template's tolerations, the GPU taint's and those that end with a lost node."""
    # Devices are tainted with their resource's name by convention; not every cluster has the
    # admission plugin that tolerates it for them.
    gpu = {"key": resources.gpu_resource, "operator": "Exists", "effect": "NoSchedule"}
    lost = [
        {
            "key": f"node.kubernetes.io/{what}",
            "operator": "Exists",
            "effect": "NoExecute",
            "tolerationSeconds": LOST_NODE_SECONDS,
        }
        for what in ("not-ready", "unreachable")
    ]
    given = [toleration.model_dump(exclude_none=True) for toleration in template.tolerations]
    return [*given, *([gpu] if resources.gpus else []), *lost]


def affinity(template: TemplateSpec, resources: Resources) -> Body | None:
    """Return the template's affinity, narrowed to nodes that have the GPU model."""
    given = _given(template.affinity)
    if resources.gpu_product is None:
        return given or None
    product = {"key": names.GPU_PRODUCT, "operator": "In", "values": [resources.gpu_product]}
    node = dict(given.get("nodeAffinity", {}))
    terms = node.get(_REQUIRED, {}).get("nodeSelectorTerms") or [{}]
    # One term is enough for a node, so each must have the model; within a term all must hold.
    narrowed = [
        {**term, "matchExpressions": [*term.get("matchExpressions", []), product]} for term in terms
    ]
    return {**given, "nodeAffinity": {**node, _REQUIRED: {"nodeSelectorTerms": narrowed}}}


def placement(template: TemplateSpec) -> Body:
    """Return the other fields of a pod's spec that say where it goes, those that were given."""
    secrets = [{"name": secret.name} for secret in template.image_pull_secrets]
    fields = {
        "nodeSelector": dict(template.node_selector),
        "priorityClassName": template.priority_class_name,
        "schedulerName": template.scheduler_name,
        "imagePullSecrets": secrets,
    }
    return {name: value for name, value in fields.items() if value}


def _given(affinity: Affinity | None) -> Body:
    if affinity is None:
        return {}
    return affinity.model_dump(exclude_none=True, exclude_defaults=True)
