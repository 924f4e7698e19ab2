"""Every name that the cluster sees: labels, variables, reasons, and how children are called.

Each stands here once. Labels, reasons and names are read by people's scripts and dashboards:
renaming one is a change of the interface.
"""

import re
from typing import NamedTuple

from diptych.api.base import GROUP
from diptych.api.template import QUEUE_LABEL

# Labels of Jobs, their pods and the plan's ConfigMap.
MANAGED_BY = "app.kubernetes.io/managed-by"
NAME = "app.kubernetes.io/name"
COMPONENT = "app.kubernetes.io/component"
COMPARISON = f"{GROUP}/comparison"
UID = f"{GROUP}/uid"
VERSION = f"{GROUP}/version"
ROUND = f"{GROUP}/round"
US = "diptych"
#: Who posts our Events.
OPERATOR = "diptych-operator"
TRIAL = "trial"
ANALYSIS = "analysis"
#: What the operator watches Jobs by.
OUR_JOBS = f"{MANAGED_BY}={US}"
QUEUE = QUEUE_LABEL
#: What else Kueue reads from a Job: its place in the queue, and how long it may run.
QUEUEING = ("kueue.x-k8s.io/priority-class", "kueue.x-k8s.io/max-exec-time-seconds")
#: The Job controller's: a pod's labels with the uid of its Job, and with its index.
CONTROLLER_UID = "batch.kubernetes.io/controller-uid"
INDEX = "batch.kubernetes.io/job-completion-index"
#: What GPU feature discovery calls the model of a node's GPUs.
GPU_PRODUCT = "nvidia.com/gpu.product"

# Where things are in the pods.
PLAN_FOLDER = "/etc/diptych"
PLAN_KEY = "plan.json"
RESOURCE_KEY = "resource.yaml"
#: Beside them, for the operator: the store that the comparison began with.
STORAGE_KEY = "storage.json"
CA_FOLDER = "/etc/diptych-ca"
CA_KEY = "ca.crt"
#: Who pods run as: nobody on the node.
USER = 65532

#: The keys of the store, in the Secret and in the pods alike.
REQUIRED_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
OPTIONAL_KEYS = ("AWS_SESSION_TOKEN",)

# Conditions, in the order they are shown in.
ACCEPTED = "Accepted"
SUSPENDED = "Suspended"
TRIALS_COMPLETE = "TrialsComplete"
COMPARED = "Compared"
FINISHED = "Finished"
SUCCEEDED = "Succeeded"
FAILED = "Failed"
CONDITIONS = (ACCEPTED, SUSPENDED, TRIALS_COMPLETE, COMPARED, FINISHED, SUCCEEDED, FAILED)

# Reasons of Finished=True; Compared is the good end, the others are Failed's too.
VALID = "Valid"
INVALID = "Invalid"
DEADLINE_EXCEEDED = "DeadlineExceeded"
ANALYSIS_FAILED = "AnalysisFailed"
#: The store was away for too long; before that it is a reason to be patient.
STORE_UNREACHABLE = "StoreUnreachable"

# Reasons of Finished=False while all is well.
STARTING = "Starting"
RUNNING = "Running"
ANALYZING = "Analyzing"
RESUMED = "NotSuspended"
#: Until the last pod has ended it is not suspended yet.
SUSPENDING = "Suspending"
#: Until the next round of all that was suspended is made.
RESUMING = "Resuming"
#: Kueue has no quota for a Job yet.
QUEUED = "Queued"

# Reasons of Finished=False that ask for patience or for a person.
UNSCHEDULABLE = "Unschedulable"
QUOTA_EXCEEDED = "QuotaExceeded"
POD_SECURITY = "PodSecurity"
FAILED_CREATE = "FailedCreate"
FAILED_MOUNT = "FailedMount"
IMAGE_PULL = "ErrImagePull"
TRIALS_FAILING = "TrialsFailing"
ANALYSIS_FAILING = "AnalysisFailing"
#: A pod does not go from its node, which may be lost, and keeps its place meanwhile.
POD_STUCK = "PodStuck"
#: The kubelet's word for a pod that used more than it may, or that its node has no room for.
EVICTED = "Evicted"
#: A child's name belongs to an object that is not ours.
NAME_TAKEN = "NameTaken"
#: The API server refuses a child, and says why.
CHILD_REFUSED = "ChildRefused"
#: It refuses a child by its own rules for such objects, which do not change.
CHILD_INVALID = "ChildInvalid"

#: What lack of room looks like: it passes by itself, and others may run meanwhile.
PASSING = frozenset({UNSCHEDULABLE, QUOTA_EXCEEDED, QUEUED, STARTING})

# Reasons of Events beyond the conditions' own.
RESUMED_AGAIN = "Resumed"
JOBS_CREATED = "JobsCreated"
#: Before it is done: what is cut off in between is made good, and no Event would tell of it then.
DELETING_JOBS = "DeletingJobs"
IMAGE_CHANGED = "ImageChanged"
#: Somebody else deleted a Job: its next round is made.
JOB_MISSING = "JobMissing"
#: Reasons of Events in the order in which those of one change are told; all others come after.
TOLD_FIRST = (
    *(ACCEPTED, SUSPENDED, TRIALS_COMPLETE, COMPARED),
    *(RESUMED_AGAIN, JOB_MISSING, JOBS_CREATED, DELETING_JOBS, DEADLINE_EXCEEDED),
)

# Phases: one word for -o wide, derived from the conditions.
PENDING = "Pending"

#: Rounds of the analysis before it is given up, each of up to three pods; and rounds where what
#: ended well was deleted before it was read.
ANALYSIS_ROUNDS = 3
ANALYSIS_ROUNDS_IN_ALL = 6
ANALYSIS_RETRIES = 2
#: Seconds that a round has beyond those in which the store may be away: one that hangs must end,
#: and the longest analysis of a comparison that is allowed takes hours.
ANALYSIS_SECONDS = 86_400

_SLUG = 38  # leaves room for -<uid8>-v15-r9999-99999 in the 63 characters of a pod's host name
_JOB = re.compile(r"-(?:v(?P<ordinal>[0-9]{1,2})|analysis)-r(?P<round>[0-9]{1,6})\Z")


class Part(NamedTuple):
    """What a Job is for: a version's place, or None for the analysis; and which round of it."""

    ordinal: int | None
    round: int


def prefix(name: str, uid: str) -> str:
    """Return what the names of a comparison's children begin with.

    >>> prefix("tf-2-1-vs-2-4", "0f3a77c1-63b5-4a1e-9d0e-5a2b8c1d9e00")
    'tf-2-1-vs-2-4-0f3a77c1'
    """
    return f"{slug(name)}-{uid[:8]}"


def slug(name: str) -> str:
    """Return a comparison's name, cut to what leaves room for the rest of a child's name."""
    return name[:_SLUG].rstrip("-")


def plan_name(name: str, uid: str) -> str:
    """Return the name of the ConfigMap with the plan."""
    return f"{prefix(name, uid)}-plan"


def job_name(name: str, uid: str, part: Part) -> str:
    """Return the name of a Job.

    >>> job_name("mlp", "0f3a77c1-63b5", Part(ordinal=1, round=2))
    'mlp-0f3a77c1-v1-r2'
    """
    middle = ANALYSIS if part.ordinal is None else f"v{part.ordinal}"
    return f"{prefix(name, uid)}-{middle}-r{part.round}"


def part_of(job: str) -> Part | None:
    """Return what a Job is for, from its name; None when it is none of ours.

    >>> part_of("mlp-0f3a77c1-analysis-r3")
    Part(ordinal=None, round=3)
    """
    found = _JOB.search(job)
    if found is None:
        return None
    ordinal = found["ordinal"]
    return Part(None if ordinal is None else int(ordinal), int(found["round"]))
