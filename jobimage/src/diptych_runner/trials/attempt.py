"""One attempt at one trial: seed, build, share, train, record, commit."""

import functools
import os
import resource
import sys
import time
from typing import Any, Callable, Dict, FrozenSet, List, NamedTuple, Optional, Tuple

import numpy as np

import diptych_runner
from diptych_runner import seeding, switches
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial
from diptych_runner.events import Events
from diptych_runner.frameworks.base import (
    Framework,
    Program,
    RandomLayer,
    Unsupported,
    random_layers,
)
from diptych_runner.module.code import Code
from diptych_runner.module.data import Examples
from diptych_runner.records import manifest, metrics, npz
from diptych_runner.records.store import Records
from diptych_runner.stores.errors import StoreError
from diptych_runner.trials.augmentation import augmenting
from diptych_runner.trials.batches import Batches, Permutation, by_epoch, no_masks, straddling
from diptych_runner.trials.parameters import described
from diptych_runner.trials.probe import Probe
from diptych_runner.trials.training import Hooks, Schedule, Training, train
from diptych_runner.workloads import task_of
from diptych_runner.workloads.task import Data, Task

#: Whoever starts a container tells what it is: nothing inside knows.
IMAGE_VARIABLE = "DIPTYCH_IMAGE"

Surroundings = NamedTuple(
    "Surroundings",
    [
        ("plan", Plan),
        ("version", Dict[str, Any]),
        ("framework", Framework),
        ("host", Dict[str, Any]),
        ("runner_sha256", str),
        ("data", Optional[Data]),
        ("code", Optional[Code]),
        ("examples", Examples),
        ("store", Records),
        ("events", Events),
    ],
)


#: Trains, writes every file but the manifest, and returns the outcome and the number of steps.
Body = Callable[[Surroundings, Trial, manifest.RecordWriter], Tuple[str, int]]


def run_attempt(around: Surroundings, trial: Trial, name: str, body: Body) -> int:
    """Run and commit one attempt; return 0, or 1 after an error that its manifest holds.

    Returns EXIT_UNREACHABLE when the store failed: that says nothing of the trial.
    """
    try:
        return _run_and_commit(around, trial, name, body)
    except StoreError as error:
        sys.stderr.write("{}\n".format(error))
        return names.EXIT_UNREACHABLE


def _run_and_commit(around: Surroundings, trial: Trial, name: str, body: Body) -> int:
    attempt = around.store.attempt(trial, name)
    writer = manifest.RecordWriter(around.plan, trial, name, attempt)
    try:
        outcome, steps = body(around, trial, writer)
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a trial raises is its outcome
        place = None if around.code is None else around.code.place_of(error)
        writer.finish(names.FAILED, 0, manifest.error_of(error, place))
        return 1
    content = writer.finish(outcome, steps)
    commit = manifest.commit_bytes(around.plan, trial, name, outcome, content)
    around.store.commit(trial, commit)
    return 0


def train_and_record(
    around: Surroundings, trial: Trial, writer: manifest.RecordWriter
) -> Tuple[str, int]:
    """Train a built-in workload and write its record."""
    begun = time.perf_counter()
    axes = around.plan.axes
    parameters = around.plan.parameters(trial.setting)
    shared = around.plan.shared(trial)
    pinned = around.plan.pinned(trial.setting) if names.PARAMETERS in shared else None
    task = task_of(axes["workload"], parameters, around.data, pinned)
    _spread(around.framework, task, axes["gpus"])
    seeds = begin(around, trial)
    seeds.update(dict.fromkeys(shared & names.DRAWN_ASPECTS, trial.seed))
    own = {} if pinned is None else around.framework.defaults(task.problem, task.optimizer.name)
    given = random_layers(task.problem) if names.MASKS in shared else []
    program = around.framework.build(task.problem, task.optimizer, given_masks=bool(given))
    if names.INITIAL_WEIGHTS in shared:
        program.assign_weights(seeding.initial_weights(trial.seed, program.weight_shapes()))
    environment = environment_of(around, trial)
    environment.update(
        shared=sorted(shared),
        seeds=seeds,
        parameters=described(parameters, program.effective_parameters(), pinned, own),
        data=_data(task.data),
    )
    writer.write_json(names.ENVIRONMENT_FILE, environment)

    batches = _batches(program, task, trial.seed, shared, given)
    probe = Probe(program, trial.seed) if around.plan.probes(trial) else None
    training = train(
        program,
        batches,
        Schedule(task.steps, axes["checkpoints"]["everySteps"], task.epoch_steps),
        Hooks(
            checkpoint=lambda step, tensors: writer.write_arrays(
                "{}/step-{}.npz".format(names.CHECKPOINTS_FOLDER, step), tensors
            ),
            evaluate=lambda: _evaluate(program, task),
            begin=lambda step, batch: probe.before(batch) if probe and step == 1 else None,
            end=functools.partial(_after_step, around, trial, task, probe),
        ),
    )
    if probe is not None:
        writer.write_arrays(names.PROBE_FILE, probe.arrays)
    outcome = _write_results(program, task, training, writer)
    writer.write(names.INPUTS_FILE, batches.log.to_bytes(len(training.losses)))
    wall = time.perf_counter() - begun
    writer.write_json(names.TIMING_FILE, timing_of(around.framework, training, wall))
    return outcome, len(training.losses)


def _spread(framework: Framework, task: Task, gpus: int) -> None:
    """Ask for training on several GPUs where the plan has them."""
    if gpus < 2:
        return
    last = len(task.data.train_inputs) % task.batch_size or task.batch_size
    if last < gpus:
        raise Unsupported(
            "batchSize: {} GPUs cannot share the last batch of an epoch, of {} examples; choose "
            "another batchSize".format(gpus, last)
        )
    framework.mirror(gpus)


def _write_results(
    program: Program, task: Task, training: Training, writer: manifest.RecordWriter
) -> str:
    """Write predictions and metrics; return the outcome."""
    outcome = _predict(program, task, training, writer)
    evaluations = _with_framework_metrics(program, task, training, outcome)
    writer.write(names.METRICS_FILE, metrics.metrics_bytes(training.losses, evaluations))
    return outcome


def _after_step(
    around: Surroundings, trial: Trial, task: Task, probe: Optional[Probe], step: int
) -> None:
    if probe is not None and step == 1:
        probe.after()
    around.events.step(trial, step, task.steps)


def _batches(
    program: Program,
    task: Task,
    seed: int,
    shared: FrozenSet[str],
    given: List[RandomLayer],
) -> Batches:
    cut = straddling if task.epoch_steps is None else by_epoch
    order = _order(program, seed, shared)
    indices = cut(len(task.data.train_inputs), task.batch_size, order)
    masks = seeding.shared_masks(seed, given) if given else no_masks
    drawn = seeding.shared_uniform(seed) if names.MASKS in shared else program.uniform
    return Batches(task.data, indices, masks, augmenting(task.augmentation, drawn))


def _order(program: Program, seed: int, shared: FrozenSet[str]) -> Permutation:
    if names.BATCH_ORDER in shared:
        return seeding.shared_orders(seed).permutation
    return program.permutation


def _evaluate(program: Program, task: Task) -> Dict[str, float]:
    if task.evaluate is None:
        return {}
    return task.evaluate(program.predict(task.data.test_inputs), task.data.test_targets)


def _with_framework_metrics(
    program: Program, task: Task, training: Training, outcome: str
) -> Dict[int, Dict[str, float]]:
    """Return the evaluations, at the last step with what the framework itself says."""
    evaluations = dict(training.evaluations)
    if outcome == names.SUCCEEDED:
        last = len(training.losses)
        own = program.framework_metrics(task.data.test_inputs, task.data.test_targets)
        named = {names.FRAMEWORK_PREFIX + name: value for name, value in own.items()}
        evaluations[last] = dict(evaluations.get(last, {}), **named)
    return evaluations


def _predict(
    program: Program, task: Task, training: Training, writer: manifest.RecordWriter
) -> str:
    """Write predictions of a training that ended well; non-finite ones mean it diverged."""
    if training.outcome != names.SUCCEEDED:
        return training.outcome
    outputs = program.predict(task.data.test_inputs)
    writer.write_arrays(
        names.PREDICTIONS_FILE,
        {names.OUTPUTS_KEY: outputs, names.TARGETS_KEY: task.data.test_targets},
    )
    return names.SUCCEEDED if np.all(np.isfinite(outputs)) else names.DIVERGED


def threads_of(around: Surroundings, trial: Trial) -> int:
    """Return the threads of a trial: the plan's, or one where numerics are shared."""
    aligned = names.NUMERICS in around.plan.shared(trial)
    return 1 if aligned else int(around.plan.axes["threads"])


def begin(around: Surroundings, trial: Trial) -> Dict[str, int]:
    """Seed every global generator and start the framework; return the seeds set."""
    seeds = seeding.seed_python_and_numpy(trial.seed)
    if names.NUMERICS in around.plan.shared(trial):
        around.framework.align_numerics()
    seeds.update(around.framework.begin(trial.seed, threads_of(around, trial)))
    return seeds


def environment_of(around: Surroundings, trial: Trial) -> Dict[str, Any]:
    """Return what of environment.json is known before anything is trained."""
    threads = threads_of(around, trial)
    document = dict(around.host)
    document.update(around.framework.describe())
    document.update(
        framework={
            "name": around.framework.name,
            "requested": around.version["version"],
            "version": around.framework.version,
        },
        numpy=np.__version__,
        image=os.environ.get(IMAGE_VARIABLE) or around.version["image"],
        threads={"intraOp": threads, "interOp": threads},
        switches=switches.recorded(around.version["env"]),
        code={
            "runner": diptych_runner.__version__,
            "runnerSha256": around.runner_sha256,
            "user": None if around.code is None else around.code.sha256,
        },
    )
    return document


def _data(data: Data) -> Dict[str, Any]:
    train = {"inputs": data.train_inputs, "targets": data.train_targets}
    test = {"inputs": data.test_inputs, "targets": data.test_targets}
    return {
        "source": data.source,
        "trainSha256": npz.sha256_of_arrays(train),
        "testSha256": npz.sha256_of_arrays(test),
        "trainExamples": len(data.train_inputs),
        "testExamples": len(data.test_inputs),
        "parts": npz.array_entries(
            {
                "training inputs": data.train_inputs,
                "training targets": data.train_targets,
                "test inputs": data.test_inputs,
                "test targets": data.test_targets,
            }
        ),
    }


def timing_of(framework: Framework, training: Training, wall: float) -> Dict[str, Any]:
    """Return timing.json of a training."""
    peak, reason = framework.device_peak()
    return {
        "wallSeconds": wall,
        "stepSeconds": training.step_seconds,
        # Linux counts in KiB (getrusage(2)).
        "peakHostBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "peakDeviceBytes": peak,
        "peakDeviceReason": reason,
    }
