"""The children as they are made: the plan's ConfigMap, a version's Job, the analysis' Job."""

from typing import Any

from diptych.api.spec import Spec
from diptych.kubernetes import names, storage
from diptych.kubernetes.comparison import Accepted, Comparison, plan_text, resource_text
from diptych.kubernetes.configuration import Configuration
from diptych.kubernetes.objects import metadata_of
from diptych.kubernetes.pod_template import Parts, analysis_template, trial_template
from diptych_runner.contract import names as contract

Body = dict[str, Any]

_DISRUPTED: Body = {
    "action": "Ignore",
    "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
}


def plan_map(comparison: Comparison, accepted: Accepted) -> Body:
    """Return the ConfigMap that pods read the plan from, and the operator its first store."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata_of(comparison, names.plan_name(comparison.name, comparison.uid), None),
        "immutable": True,
        "data": {
            names.PLAN_KEY: plan_text(accepted.plan),
            names.RESOURCE_KEY: resource_text(comparison),
            names.STORAGE_KEY: storage.text_of(accepted.place),
        },
    }


def trial_job(
    comparison: Comparison, accepted: Accepted, configuration: Configuration, part: names.Part
) -> Body:
    """Return the Job of a version: an index is a block of trials, and fails alone."""
    assert part.ordinal is not None  # noqa: S101 - the caller's promise
    plan = accepted.plan
    blocks = plan.blocks_per_version
    template = trial_template(_parts(comparison, accepted, configuration), part)
    spec = {
        "completionMode": "Indexed",
        "completions": blocks,
        "parallelism": min(share(accepted.resource.spec, part.ordinal), blocks),
        # A trial uses up its own attempts, counted in the store; this only ends a pod that dies
        # before it can count.
        "backoffLimitPerIndex": (plan.retries_per_trial + 1) * plan.trials_per_pod,
        "podFailurePolicy": _failure_policy(names.TRIAL, when_impossible="FailIndex"),
        "podReplacementPolicy": "Failed",
        "template": template,
    }
    return _job(comparison, accepted, part, spec)


def analysis_job(
    comparison: Comparison, accepted: Accepted, configuration: Configuration, part: names.Part
) -> Body:
    """Return the Job of the analysis: one pod, made again a few times when it fails."""
    spec = {
        "completions": 1,
        "parallelism": 1,
        "backoffLimit": names.ANALYSIS_RETRIES,
        "activeDeadlineSeconds": names.ANALYSIS_SECONDS + configuration.store_patience,
        "podFailurePolicy": _failure_policy(names.ANALYSIS, when_impossible="FailJob"),
        "podReplacementPolicy": "Failed",
        "template": analysis_template(_parts(comparison, accepted, configuration), part),
    }
    return _job(comparison, accepted, part, spec)


def share(spec: Spec, ordinal: int) -> int:
    """Return how many pods of a version run at once: the first versions have what is over."""
    each, over = divmod(spec.pods_at_once, len(spec.versions))
    return each + (1 if ordinal < over else 0)


def _job(comparison: Comparison, accepted: Accepted, part: names.Part, spec: Body) -> Body:
    metadata = metadata_of(comparison, names.job_name(comparison.name, comparison.uid, part), part)
    given = accepted.resource.spec.template.metadata.labels
    metadata["labels"] |= {name: given[name] for name in names.QUEUEING if name in given}
    queue = accepted.resource.spec.queue_name
    if queue:
        # Kueue's webhook suspends the Job until there is quota; it is made plainly.
        metadata["labels"][names.QUEUE] = queue
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec}


def _parts(comparison: Comparison, accepted: Accepted, configuration: Configuration) -> Parts:
    return Parts(accepted, configuration, names.plan_name(comparison.name, comparison.uid))


def _failure_policy(container: str, *, when_impossible: str) -> Body:
    """Return what pods' ends mean: a lost node, a store away or a stop are no failures."""
    harmless = [contract.EXIT_UNREACHABLE, contract.EXIT_STOPPED]
    return {
        "rules": [
            _DISRUPTED,
            _on_exit(when_impossible, container, [contract.EXIT_IMPOSSIBLE]),
            _on_exit("Ignore", container, harmless),
        ]
    }


def _on_exit(action: str, container: str, codes: list[int]) -> Body:
    return {
        "action": action,
        "onExitCodes": {"containerName": container, "operator": "In", "values": codes},
    }
