"""One attempt at a trial of the user's own code: seed, execute, record what it told."""

import functools
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

import numpy as np

from diptych_runner.contract import defaults, names
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial
from diptych_runner.module.code import Code
from diptych_runner.module.errors import Diverged, ModuleError
from diptych_runner.module.record import Record
from diptych_runner.module.run import Run, Setting
from diptych_runner.records import manifest, metrics, npz
from diptych_runner.trials import attempt
from diptych_runner.trials.training import Training


def train_and_record(
    around: attempt.Surroundings, trial: Trial, writer: manifest.RecordWriter
) -> Tuple[str, int]:
    """Execute the code and write its record; return the outcome and the number of steps.

    What the code does is known only once it was done, so its environment is written at the end,
    of a trial that raises too.
    """
    begun = time.perf_counter()
    code = around.code
    if code is None:
        raise ValueError("there is no code of the user's own")
    seeds = attempt.begin(around, trial)
    around.framework.begin_own_code()
    run = Run(_setting(around, trial, writer))
    try:
        diverged = _executed(code, run)
    finally:
        environment = _environment(around, trial, run.record)
        drawn = run.record.shared & names.DRAWN_ASPECTS
        environment["seeds"] = dict(seeds, **dict.fromkeys(drawn, trial.seed))
        writer.write_json(names.ENVIRONMENT_FILE, environment)
    record = run.record
    record.report(record.asked.numbers(run.step))
    outcome = names.DIVERGED if diverged else _outcome(code, record)
    if record.predictions is not None and not diverged:
        outputs, targets = record.predictions
        writer.write_arrays(
            names.PREDICTIONS_FILE, {names.OUTPUTS_KEY: outputs, names.TARGETS_KEY: targets}
        )
    if record.probe is not None:
        writer.write_arrays(names.PROBE_FILE, record.probe.arrays)
    writer.write(names.METRICS_FILE, metrics.metrics_bytes(record.losses, record.numbers))
    if record.fed:
        writer.write(names.INPUTS_FILE, record.fed.to_bytes(len(record.losses)))
    training = Training(outcome, record.losses, record.seconds, record.numbers)
    timing = attempt.timing_of(around.framework, training, time.perf_counter() - begun)
    writer.write_json(names.TIMING_FILE, timing)
    return outcome, len(record.losses)


def _executed(code: Code, run: Run) -> bool:
    """Execute the code; return whether it diverged."""
    try:
        code.execute(run)
    except Diverged:
        return True
    # The code may have caught it, and gone on.
    return not np.all(np.isfinite(run.record.losses))


def _outcome(code: Code, record: Record) -> str:
    """Return the outcome of code that came to its end; raise ModuleError for what it left out."""
    left_out = _left_out(record)
    if left_out is not None:
        if code.ended_at is not None:
            left_out = "the code ended itself{} before its end: {}".format(
                code.where_it_ended, left_out
            )
        raise ModuleError(left_out)
    outputs = () if record.predictions is None else record.predictions[0]
    return names.SUCCEEDED if np.all(np.isfinite(outputs)) else names.DIVERGED


def _left_out(record: Record) -> Optional[str]:
    """Return what the code did not tell, and the call that tells it; None when all is there."""
    if not record.losses:
        return (
            "the code logged no step: call run.keras(model) after model.compile, or run.log(loss) "
            "at each step"
        )
    if record.predictions is None:
        return (
            "the code gave no predictions, so no metric can be computed: call "
            "run.predictions(outputs, targets) on the test set at the end"
        )
    missing = sorted({0, len(record.losses)} - record.checkpoints)
    if missing:
        return (
            "the code wrote no checkpoint at step {}: call run.checkpoint(weights) once before "
            "the first step and once after the last".format(" and ".join(map(str, missing)))
        )
    return None


def _setting(around: attempt.Surroundings, trial: Trial, writer: manifest.RecordWriter) -> Setting:
    return Setting(
        seed=trial.seed,
        control=trial.control,
        shared=around.plan.shared(trial),
        parameters=around.plan.parameters(trial.setting),
        examples=around.examples,
        evaluators=_evaluators(around.plan.document),
        checkpoint_every=around.plan.axes["checkpoints"]["everySteps"],
        probes=around.plan.probes(trial),
        framework=around.framework,
        defaults=_defaults(around.plan),
        checkpoint=lambda step, tensors: writer.write_arrays(
            "{}/step-{}.npz".format(names.CHECKPOINTS_FOLDER, step), tensors
        ),
        tell=lambda step, steps: around.events.step(trial, step, steps),
    )


def _defaults(plan: Plan) -> Callable[[str], Dict[str, str]]:
    """Return the baseline's own defaults by class."""
    baseline = plan.version(plan.document["analysis"]["baseline"])["version"]
    return functools.partial(defaults.of_class, plan.axes["framework"], baseline)


def _evaluators(document: Dict[str, Any]) -> List[str]:
    return [metric["evaluator"] for metric in document["analysis"]["metrics"]]


def _environment(around: attempt.Surroundings, trial: Trial, record: Record) -> Dict[str, Any]:
    document = attempt.environment_of(around, trial)
    parameters = around.plan.parameters(trial.setting)
    document["parameters"] = {
        "requested": parameters,
        "effective": record.effective,
        "pinned": record.pinned.pinned,
        "notPinned": record.pinned.not_pinned,
        "defaults": record.pinned.defaults,
    }
    document["models"] = len(record.models)
    # Switches are set whatever the code does.
    switched = around.plan.shared(trial) & {names.NUMERICS}
    document["shared"] = sorted(record.shared | switched)
    tested = _tested(record)
    document["data"] = {
        "source": around.examples.source or "the code's own",
        "trainSha256": record.train_sha256 or npz.sha256_of_arrays({}),
        "testSha256": npz.sha256_of_arrays(tested),
        "trainExamples": record.train_examples,
        "testExamples": len(tested.get("targets", ())),
        "parts": dict(
            record.parts,
            **npz.array_entries({"test {}".format(what): array for what, array in tested.items()}),
        ),
    }
    return document


def _tested(record: Record) -> Dict[str, Any]:
    """Return the test set, as far as the code tells: its targets, and what it predicted."""
    if record.predictions is None:
        return {}
    targets = record.predictions[1]
    inputs = record.asked.tested_on
    if inputs is None or len(inputs) != len(targets):
        return {"targets": targets}
    return {"inputs": inputs, "targets": targets}
