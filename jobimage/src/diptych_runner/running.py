"""Runs a block with its store and its progress: what needs NumPy, after the restart of main."""

import os
import sys
from typing import Any, Dict, List

from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial
from diptych_runner.events import Events
from diptych_runner.records.store import OWED_VARIABLE, Records
from diptych_runner.stores.errors import StoreError
from diptych_runner.stores.location import store_at
from diptych_runner.trials.block import run_block


def run(address: str, plan: Plan, version: Dict[str, Any], block: List[Trial]) -> int:
    """Commit every trial of a block to the store at `address`; return the exit code.

    Stopped passes through: `main` turns it into an exit code.
    """
    events = Events.on_stdout()
    try:
        store = store_at(address).below(plan.folder)
        records = Records(store, owed=os.environ.get(OWED_VARIABLE))
        records.settle()
        return run_block(plan, version, block, records, events)
    except StoreError as error:
        sys.stderr.write("{}\n".format(error))
        return names.EXIT_UNREACHABLE
    finally:
        events.close()
