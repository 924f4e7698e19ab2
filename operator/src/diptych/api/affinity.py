"""Kubernetes' affinity, field by field, so that a typo is an error here and not a lost rule."""

from typing import Annotated, Literal

from pydantic import Field

from diptych.api.base import (
    LIST_ATOMIC,
    DnsLabel,
    LabelValue,
    Model,
    QualifiedName,
)

Values = Annotated[tuple[LabelValue, ...], Field(max_length=64)]
Weight = Annotated[int, Field(ge=1, le=100)]


class NodeRequirement(Model):
    """A condition on a node's label or field."""

    key: QualifiedName = Field(description="Name of the label or field.")
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"] = Field(
        description="How the label's value relates to values."
    )
    values: Values = Field(
        default=(),
        description="Values to compare with; none with Exists and DoesNotExist.",
        json_schema_extra=LIST_ATOMIC,
    )


class NodeTerm(Model):
    """Conditions on a node that must all hold."""

    match_expressions: tuple[NodeRequirement, ...] = Field(
        default=(),
        description="Conditions on labels.",
        max_length=32,
        json_schema_extra=LIST_ATOMIC,
    )
    match_fields: tuple[NodeRequirement, ...] = Field(
        default=(),
        description="Conditions on fields.",
        max_length=32,
        json_schema_extra=LIST_ATOMIC,
    )


class NodeSelector(Model):
    """Terms of which one must hold."""

    node_selector_terms: tuple[NodeTerm, ...] = Field(
        description="Terms; a node that one of them matches is taken.",
        min_length=1,
        max_length=16,
        json_schema_extra=LIST_ATOMIC,
    )


class PreferredNode(Model):
    """A preference for nodes, and its weight."""

    weight: Weight = Field(description="Weight of the preference, 1 to 100.")
    preference: NodeTerm = Field(description="Conditions of the preferred nodes.")


class NodeAffinity(Model):
    """Which nodes pods go to."""

    required_during_scheduling_ignored_during_execution: NodeSelector | None = Field(
        default=None, description="Nodes that pods must be on; any when left out."
    )
    preferred_during_scheduling_ignored_during_execution: tuple[PreferredNode, ...] = Field(
        default=(),
        description="Nodes that pods should be on.",
        max_length=16,
        json_schema_extra=LIST_ATOMIC,
    )


class LabelRequirement(Model):
    """A condition on a pod's label."""

    key: QualifiedName = Field(description="Name of the label.")
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist"] = Field(
        description="How the label's value relates to values."
    )
    values: Values = Field(
        default=(),
        description="Values to compare with; none with Exists and DoesNotExist.",
        json_schema_extra=LIST_ATOMIC,
    )


class LabelSelector(Model):
    """Conditions on labels that must all hold."""

    match_labels: dict[QualifiedName, LabelValue] = Field(
        default={}, description="Labels and the value each must have.", max_length=32
    )
    match_expressions: tuple[LabelRequirement, ...] = Field(
        default=(),
        description="Conditions on labels.",
        max_length=32,
        json_schema_extra=LIST_ATOMIC,
    )


class PodTerm(Model):
    """Pods, and the part of the cluster that is shared with them or kept apart from them."""

    topology_key: QualifiedName = Field(
        description="Name of the node label whose equal values make one place."
    )
    label_selector: LabelSelector | None = Field(
        default=None, description="Pods that are meant; none when left out."
    )
    namespaces: tuple[DnsLabel, ...] = Field(
        default=(),
        description="Namespaces of these pods; the comparison's when both this and "
        "namespaceSelector are left out.",
        max_length=32,
        json_schema_extra=LIST_ATOMIC,
    )
    namespace_selector: LabelSelector | None = Field(
        default=None, description="Labels of these pods' namespaces; unused when left out."
    )


class PreferredPods(Model):
    """A preference about other pods, and its weight."""

    weight: Weight = Field(description="Weight of the preference, 1 to 100.")
    pod_affinity_term: PodTerm = Field(description="Pods that are meant, and the place.")


class PodAffinity(Model):
    """Which pods to be near to, or to keep away from."""

    required_during_scheduling_ignored_during_execution: tuple[PodTerm, ...] = Field(
        default=(),
        description="What must hold.",
        max_length=16,
        json_schema_extra=LIST_ATOMIC,
    )
    preferred_during_scheduling_ignored_during_execution: tuple[PreferredPods, ...] = Field(
        default=(),
        description="What should hold.",
        max_length=16,
        json_schema_extra=LIST_ATOMIC,
    )


class Affinity(Model):
    """Where pods go, relative to nodes and to other pods."""

    node_affinity: NodeAffinity | None = Field(
        default=None, description="Nodes to be on; any when left out."
    )
    pod_affinity: PodAffinity | None = Field(
        default=None, description="Pods to be near to; none when left out."
    )
    pod_anti_affinity: PodAffinity | None = Field(
        default=None, description="Pods to keep away from; none when left out."
    )
