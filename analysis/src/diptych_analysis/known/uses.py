"""What a workload uses of a framework, as far as plan and records tell."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from diptych_analysis.records.outcome import Committed
from diptych_runner.contract import names, tables
from diptych_runner.contract.plan import Plan

_OPTIMIZER = "optimizer:"
#: What stands for something that a record tells of every workload, code of one's own included.
_RECORDED = ("cpu", "gpu", "gpuConv")


@dataclass(frozen=True)
class Uses:
    """Names of what is used; `whole` is False of code that may use anything besides."""

    names: frozenset[str]
    whole: bool

    def any_of(self, touched: Iterable[str]) -> bool:
        """Say whether any of these is used, or may be."""
        return any(each in self.names or self._may_be(each) for each in touched)

    def certainly(self, touched: Iterable[str]) -> bool:
        """Say whether any of these is known to be used."""
        return any(each in self.names for each in touched)

    def _may_be(self, name: str) -> bool:
        if self.whole or name in _RECORDED:
            return False
        # An optimizer is recorded where the code lets us see it.
        known = any(each.startswith(_OPTIMIZER) for each in self.names)
        return not (name.startswith(_OPTIMIZER) and known)


def uses_of(plan: Plan, records: Collection[Committed]) -> Uses:
    """Return what the plan's workload uses in these trials."""
    workload = plan.axes["workload"]
    found = {*plan.aspects(), *_hardware(records), *_optimizers(records)}
    if {names.INITIAL_WEIGHTS, names.MASKS} & found:
        found.add("random")
    builtin = workload["builtin"]
    if builtin not in tables.workloads():
        # Code of the user's own, or records that another program wrote.
        return Uses(frozenset({*found, "module"}), whole=False)
    return Uses(frozenset(found | _of_builtin(builtin, plan.parameters(0))), whole=True)


def _of_builtin(builtin: str, parameters: Mapping[str, Any]) -> set[str]:
    row = tables.workloads()[builtin]
    found: set[str] = set()
    if "test_accuracy" in {metric.name for metric in row.metrics}:
        found.add("accuracyMetric")
    if builtin == "image-cnn":
        found.add("conv")
    if parameters.get("batchNorm") == "on":
        found.add("batchNormalization")
    return found


def _hardware(records: Collection[Committed]) -> set[str]:
    setups = [record.setup for record in records if record.setup is not None]
    found: set[str] = set()
    if any(setup.gpus for setup in setups):
        found.update(("gpu", "gpuConv"))
    if any(not setup.gpus for setup in setups):
        found.add("cpu")
    return found


def _optimizers(records: Collection[Committed]) -> set[str]:
    """Return the classes that trained, as tf.keras calls them."""
    found: set[str] = set()
    for record in records:
        name = dict(record.setup.effective).get("optimizer", "") if record.setup else ""
        kind = name.rpartition(".")[2].removesuffix("Optimizer").strip("\"'")
        if kind:
            # tf.train spells two of them otherwise.
            spelled = {"RMSProp": "RMSprop", "GradientDescent": "SGD", "Momentum": "SGD"}
            found.add(_OPTIMIZER + spelled.get(kind, kind))
        if ".keras." in name:
            found.update(("keras", "kerasOptimizer"))
    return found
