"""What must hold across fields: one rule a file, each read on the document as written.

A rule is a function of the document that yields findings. It trusts no type: a document with ten
mistakes gets all ten.
"""

from collections.abc import Callable, Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document
from diptych.api.rules import (
    accelerator,
    attribution,
    baseline,
    batch_size,
    builtin,
    checkpoints,
    control,
    environment_variables,
    framework_versions,
    gpu_resource,
    metrics,
    module,
    optimizer_parameters,
    optimizer_versions,
    parallelism,
    parameters,
    seeds,
    several_gpus,
    storage,
    sweep,
    template,
    template_labels,
    tolerations,
    trial_total,
    version_names,
    workload,
    workload_data,
    workload_versions,
)

Rule = Callable[[Document], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    version_names.check,
    environment_variables.check,
    framework_versions.check,
    baseline.check,
    workload.check,
    builtin.check,
    module.check,
    workload_versions.check,
    workload_data.check,
    parameters.check,
    optimizer_parameters.check,
    optimizer_versions.check,
    seeds.check,
    control.check,
    attribution.check,
    sweep.check,
    batch_size.check,
    trial_total.check,
    parallelism.check,
    accelerator.check,
    gpu_resource.check,
    several_gpus.check,
    template.check,
    template_labels.check,
    tolerations.check,
    storage.check,
    checkpoints.check,
    metrics.check,
)
