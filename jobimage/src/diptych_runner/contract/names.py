"""Every name that crosses a process boundary, each written once.

Controls, outcomes, file names, environment variables and exit codes are part of the public
contract (docs/record-format.md): renaming one makes old records unreadable.
"""

from typing import FrozenSet

SCHEMA_VERSION = 1

#: Of one comparison; more are no advice either.
MOST_SEEDS = 10000
#: NumPy's and TensorFlow's seeds are unsigned 32-bit numbers.
LARGEST_SEED = 2**32 - 1
#: Of a comparison. Child Jobs are `<name>-<uid8>-v<ordinal>-r<round>`, a label: 63 characters.
LONGEST_NAME = 40
#: The name of a version in a comparison.
LONGEST_VERSION = 40

#: What is held equal across versions, weakest first; each control includes those before it.
CONTROLS = (
    "Native",
    "SharedInit",
    "SharedOrder",
    "SharedMasks",
    "SharedParameters",
    "SharedNumerics",
)

INITIAL_WEIGHTS, BATCH_ORDER, MASKS, PARAMETERS, NUMERICS = (
    "initialWeights",
    "batchOrder",
    "masks",
    "parameters",
    "numerics",
)

#: The one aspect that each control adds to the one before it.
ASPECTS = (None, INITIAL_WEIGHTS, BATCH_ORDER, MASKS, PARAMETERS, NUMERICS)

#: What NumPy draws from the trial's seed once a control shares it.
DRAWN_ASPECTS = frozenset((INITIAL_WEIGHTS, BATCH_ORDER, MASKS))

SUCCEEDED = "Succeeded"
DIVERGED = "Diverged"
FAILED = "Failed"
OUTCOMES = (SUCCEEDED, DIVERGED, FAILED)

PLAN_FILE = "plan.json"
#: The VersionComparison as it was applied to a cluster.
RESOURCE_FILE = "resource.yaml"
COMMIT_FILE = "COMMIT"
MANIFEST_FILE = "manifest.json"
METRICS_FILE = "metrics.jsonl"
INPUTS_FILE = "inputs.jsonl"
ENVIRONMENT_FILE = "environment.json"
TIMING_FILE = "timing.json"
PREDICTIONS_FILE = "predictions.npz"
PROBE_FILE = "probe.npz"
CHECKPOINTS_FOLDER = "checkpoints"
SUMMARY_FILE = "summary.json"

#: Keys of predictions.npz: what the model said for each test example, and what was right.
OUTPUTS_KEY = "outputs"
TARGETS_KEY = "targets"

#: Prefix, in metrics.jsonl, of a metric that the framework computed itself.
FRAMEWORK_PREFIX = "framework_"

#: Of a step, by itself or as what the framework says: the rate that its update took.
LEARNING_RATE = "learning_rate"

#: Prefixes of checkpoint keys: trainable weights, optimizer slots, optimizer-wide scalars.
WEIGHTS_PREFIX = "weights/"
SLOTS_PREFIX = "slots/"
OPTIMIZER_PREFIX = "optimizer/"
#: What follows the batches without being trained: moving means of a batch normalisation.
STATISTICS_PREFIX = "statistics/"

#: Keys of probe.npz beside `outputs`: the loss, gradients by weight, what the first step added to
#: each weight, what the optimizer alone adds by gradients of NumPy's; and the first three again
#: from weights that differ in their last bit.
LOSS_KEY = "loss"
GRADIENTS_PREFIX = "gradients/"
UPDATES_PREFIX = "updates/"
OPTIMIZED_PREFIX = "optimized/"
PERTURBED_PREFIX = "perturbed/"

EXIT_COMMITTED = 0
#: The whole block cannot run in this image; Kubernetes maps it to FailIndex.
EXIT_IMPOSSIBLE = 42
#: The data set or the store could not be reached; no attempt is counted, and a later start may
#: succeed.
EXIT_UNREACHABLE = 75
#: Stopped from outside (SIGTERM); the attempt under way was withdrawn, not counted.
EXIT_STOPPED = 143

EVENT_STARTED = "trialStarted"
EVENT_STEP = "step"
EVENT_COMMITTED = "trialCommitted"
EVENT_SKIPPED = "trialSkipped"
EVENT_RETRY = "trialRetry"
EVENT_DATA = "dataProgress"


def shared_aspects(control: str) -> FrozenSet[str]:
    """Return the aspects that `control` holds equal across versions.

    >>> sorted(shared_aspects("SharedOrder"))
    ['batchOrder', 'initialWeights']
    """
    rank = CONTROLS.index(control)
    return frozenset(aspect for aspect in ASPECTS[: rank + 1] if aspect is not None)
