"""The workload's parameters, and the settings of the sweep that override them."""

import itertools

from diptych.api.seeds import SweepEntry
from diptych.api.workload import Workload
from diptych_runner.contract import tables
from diptych_runner.contract.tables import ParameterValue

Setting = dict[str, ParameterValue]


def parameters_of(workload: Workload) -> Setting:
    """Return every parameter of a built-in workload, those left out with the table's default.

    A module has no table: its parameters are as given.
    """
    given = {name: _parsed(workload, name, value) for name, value in workload.parameters.items()}
    table = _table_parameters(workload)
    return {name: entry.default for name, entry in table.items()} | given


def settings_of(workload: Workload, sweep: tuple[SweepEntry, ...]) -> list[Setting]:
    """Return the settings: none overridden, then the product of the sweep, first entry outermost.

    A sweep of nothing has only the first.
    """
    if not sweep:
        return [{}]
    names = [entry.parameter for entry in sweep]
    values = [[_parsed(workload, entry.parameter, v) for v in entry.values] for entry in sweep]
    products = itertools.product(*values)
    return [{}] + [dict(zip(names, product, strict=True)) for product in products]


def _parsed(workload: Workload, name: str, value: int | str) -> ParameterValue:
    table = _table_parameters(workload)
    return tables.parse_parameter(table[name], value) if table else value


def _table_parameters(workload: Workload) -> dict[str, tables.Parameter]:
    if workload.builtin is None:
        return {}
    return tables.workloads()[workload.builtin].parameters
