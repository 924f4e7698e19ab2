from typing import Any

from diptych.api.resources import Resources
from diptych.api.template import TemplateSpec
from diptych.kubernetes import scheduling

GPU = Resources(gpus=1, gpu_product="Tesla-V100-SXM2-16GB")
PRODUCT = {"key": "nvidia.com/gpu.product", "operator": "In", "values": ["Tesla-V100-SXM2-16GB"]}
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def template(**fields: Any) -> TemplateSpec:  # noqa: ANN401
    return TemplateSpec.model_validate(fields, strict=False)


def test_a_gpu_model_alone_is_one_term() -> None:
    assert scheduling.affinity(template(), GPU) == {
        "nodeAffinity": {REQUIRED: {"nodeSelectorTerms": [{"matchExpressions": [PRODUCT]}]}}
    }


def test_the_template_s_terms_are_each_narrowed_and_the_rest_is_kept() -> None:
    zone = {"key": "zone", "operator": "In", "values": ["a"]}
    disk = {"key": "metadata.name", "operator": "In", "values": ["n1"]}
    terms = [{"matchExpressions": [zone]}, {"matchFields": [disk]}]
    preferred = [{"weight": 5, "preference": {"matchExpressions": [zone]}}]
    pods = {REQUIRED: [{"topologyKey": "zone", "labelSelector": {}}]}
    given = {
        "nodeAffinity": {
            REQUIRED: {"nodeSelectorTerms": terms},
            "preferredDuringSchedulingIgnoredDuringExecution": preferred,
        },
        "podAntiAffinity": pods,
    }
    found = scheduling.affinity(template(affinity=given), GPU)
    assert found is not None
    node = found["nodeAffinity"]
    assert [each["matchExpressions"][-1] for each in node[REQUIRED]["nodeSelectorTerms"]] == [
        PRODUCT,
        PRODUCT,
    ]
    assert node[REQUIRED]["nodeSelectorTerms"][0]["matchExpressions"][0]["key"] == "zone"
    assert node[REQUIRED]["nodeSelectorTerms"][1]["matchFields"][0]["key"] == "metadata.name"
    assert node["preferredDuringSchedulingIgnoredDuringExecution"][0]["weight"] == 5
    assert found["podAntiAffinity"][REQUIRED][0] == {"topologyKey": "zone", "labelSelector": {}}


def test_without_a_model_the_template_s_affinity_stands_as_it_is() -> None:
    assert scheduling.affinity(template(), Resources(gpus=1)) is None


def test_gpu_pods_tolerate_the_gpu_taint_and_all_leave_a_lost_node_soon() -> None:
    given = {"key": "mine", "operator": "Exists"}
    found = scheduling.tolerations(template(tolerations=[given]), GPU)
    assert found[0] == given
    assert found[1] == {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}
    assert [each["tolerationSeconds"] for each in found[2:]] == [30, 30]
    assert len(scheduling.tolerations(template(), Resources())) == 2


def test_placement_has_only_what_was_given() -> None:
    assert scheduling.placement(template()) == {}
    full = template(
        nodeSelector={"a": "b"},
        priorityClassName="low",
        schedulerName="volcano",
        imagePullSecrets=[{"name": "registry"}],
    )
    assert scheduling.placement(full) == {
        "nodeSelector": {"a": "b"},
        "priorityClassName": "low",
        "schedulerName": "volcano",
        "imagePullSecrets": [{"name": "registry"}],
    }
