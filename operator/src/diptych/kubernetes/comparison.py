"""The resource as the operator takes it: what it asks for, or everything that is wrong with it.

Metadata beyond the name is never parsed, so no annotation or label can be malformed for us.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from diptych.api.base import API_VERSION, KIND
from diptych.api.load import load_mapping
from diptych.api.raw import at, integer_at, mapping_at, text_at
from diptych.api.resource import VersionComparison
from diptych.api.rules.framework_versions import without_image
from diptych.api.storage import Storage
from diptych.kubernetes.configuration import Configuration
from diptych.kubernetes.jobs import NO_CHILDREN, Children
from diptych.kubernetes.past import Past, past_of
from diptych.kubernetes.storage import Place, StorageProblem, place_of
from diptych.plan import plan_of
from diptych_runner.contract.plan import Plan

Raw = Mapping[str, Any]

#: A ConfigMap has 1 MiB; the plan and the resource share it.
MAX_PLAN_BYTES = 900_000


@dataclass(frozen=True)
class Comparison:
    """A VersionComparison as it was when it was read; nothing of the spec is believed yet."""

    name: str
    namespace: str
    uid: str
    generation: int
    resource_version: str
    is_deleted: bool
    spec: Raw
    past: Past

    @property
    def document(self) -> dict[str, Any]:
        """The resource as a user would write it."""
        return {
            "apiVersion": API_VERSION,
            "kind": KIND,
            "metadata": {"name": self.name, "namespace": self.namespace},
            "spec": dict(self.spec),
        }

    @property
    def seconds_after_finished(self) -> int | None:
        """Seconds after its end until it is deleted; None for never."""
        seconds = integer_at(self.spec, "ttlSecondsAfterFinished", default=-1)
        return seconds if seconds >= 0 else None


@dataclass(frozen=True)
class Accepted:
    """A comparison that can be run: its plan, its store, its images."""

    resource: VersionComparison
    plan: Plan
    place: Place
    images: tuple[str, ...]
    #: What is no mistake, and worth a thought of whoever asked.
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A comparison that cannot be run, and everything that is in the way."""

    problems: tuple[str, ...]


def comparison_of(item: Raw) -> Comparison:
    """Return a resource that the API server answered with."""
    return Comparison(
        name=text_at(item, "metadata", "name") or "",
        namespace=text_at(item, "metadata", "namespace") or "",
        uid=text_at(item, "metadata", "uid") or "",
        generation=integer_at(item, "metadata", "generation", default=0),
        resource_version=text_at(item, "metadata", "resourceVersion") or "",
        is_deleted=at(item, "metadata", "deletionTimestamp") is not None,
        spec=mapping_at(item, "spec"),
        past=past_of(item.get("status")),
    )


def accept(
    comparison: Comparison,
    configuration: Configuration,
    begun: Storage | None = None,
    children: Children = NO_CHILDREN,
) -> Accepted | Refused:
    """Return what is to be run, in the store and with the images that it began with; or why not."""
    loaded = load_mapping(comparison.document, "")
    if loaded.resource is None:
        return Refused(tuple(problem.render() for problem in loaded.problems))
    resource = loaded.resource
    problems = []
    images = []
    for place, version in enumerate(resource.spec.versions):
        job = children.current(place)
        # Another operator, or this one before, may have made it with another default.
        made_with = job.image if job else None
        image = version.image or made_with or comparison.past.image_begun_with(version.name)
        if image is None:
            try:
                image = _image(configuration, resource.spec.framework, version.framework_version)
            except _NoImage as why:
                problems.append(f"spec.versions[{place}].image: must be given, for {why}")
        images.append(image or "")
    try:
        store = place_of(resource.spec.storage, configuration, begun)
    except StorageProblem as problem:
        return Refused((*problems, str(problem)))
    if problems:
        return Refused(tuple(problems))
    plan = plan_of(resource, comparison.uid)
    size = len(plan_text(plan).encode()) + len(resource_text(comparison).encode())
    if size > MAX_PLAN_BYTES:
        return Refused(
            (
                f"spec: its plan has {size} bytes, and a ConfigMap holds {MAX_PLAN_BYTES} of it; "
                "give seeds as first and count, or split the comparison",
            )
        )
    remarks = tuple(warning.render() for warning in loaded.warnings)
    return Accepted(resource, plan, store, tuple(images), remarks)


def plan_text(plan: Plan) -> str:
    """Return plan.json, the same bytes for the same plan."""
    return json.dumps(plan.document, indent=1, sort_keys=True) + "\n"


def resource_text(comparison: Comparison) -> str:
    """Return the resource as YAML that can be applied again."""
    return yaml.safe_dump(comparison.document, sort_keys=False, allow_unicode=True)


class _NoImage(Exception):
    """No image follows from the version; the message says why, and what to do."""


def _image(configuration: Configuration, framework: str, version: str) -> str:
    """Return the image that a version has by default: one of those that `make images` makes."""
    if configuration.runner_image is None:
        raise _NoImage(
            "this operator has no default; name an image with this version and the runner, or set "
            "DIPTYCH_RUNNER_IMAGE"
        )
    if why := without_image(framework, version):
        raise _NoImage(why)
    return configuration.runner_image.format(framework=framework, version=version)
