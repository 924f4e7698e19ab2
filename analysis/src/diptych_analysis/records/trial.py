"""Read and verify one planned trial: COMMIT, then its manifest, then every file it lists."""

from collections.abc import Mapping
from typing import Any

from diptych_analysis.errors import RefusalError
from diptych_analysis.evaluators import Evaluator
from diptych_analysis.records import documents, npz
from diptych_analysis.records.content import read_content
from diptych_analysis.records.files import COMPONENT, read_file, read_manifest
from diptych_analysis.records.outcome import Committed, Missing, Record, Refused
from diptych_analysis.records.reader import Reader
from diptych_runner.contract import hashing, names
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial, path_of


def read_trial(
    reader: Reader, plan: Plan, trial: Trial, evaluators: Mapping[str, Evaluator]
) -> Record:
    """Return what the store holds of one trial; a record that cannot be trusted is Refused."""
    if not reader.exists(f"{path_of(trial)}/{names.COMMIT_FILE}"):
        return Missing(trial)
    try:
        return _committed(reader, plan, trial, evaluators)
    except RefusalError as refusal:
        return Refused(trial, refusal.path, refusal.why)


def _committed(
    reader: Reader, plan: Plan, trial: Trial, evaluators: Mapping[str, Evaluator]
) -> Committed:
    data = read_file(reader, path_of(trial), names.COMMIT_FILE, None)
    commit = documents.parse_as("commit", names.COMMIT_FILE, data)
    _check_identity(names.COMMIT_FILE, commit, plan, trial)
    if not COMPONENT.match(commit["attempt"]):
        raise RefusalError(names.COMMIT_FILE, f"attempt {commit['attempt']!r} is not allowed")
    base = f"{path_of(trial)}/attempts/{commit['attempt']}"
    manifest = read_manifest(reader, base, commit["manifestSha256"])
    _check_identity(names.MANIFEST_FILE, manifest, plan, trial)
    for key in ("attempt", "outcome"):
        if manifest[key] != commit[key]:
            raise RefusalError(
                names.MANIFEST_FILE, f"{key} is {manifest[key]!r} but COMMIT says {commit[key]!r}"
            )
    content = read_content(reader, base, manifest, evaluators)
    error = manifest["error"]
    return Committed(
        trial=trial,
        outcome=commit["outcome"],
        attempt=commit["attempt"],
        commit_sha256=hashing.sha256_of_bytes(data),
        manifest_sha256=commit["manifestSha256"],
        steps=manifest["stepsCompleted"],
        error=None if error is None else f"{error['type']}: {error['message']}",
        setup=content.setup,
        timing=content.timing,
        metrics_sha256=manifest["files"].get(names.METRICS_FILE, {}).get("sha256"),
        losses_sha256=content.losses_sha256,
        non_finite_step=content.non_finite_step,
        contents={
            path: npz.content_sha256(entries)
            for path, entries in manifest["arrays"].items()
            # The probe stands beside the training: it is no part of what was computed.
            if path != names.PROBE_FILE
        },
        shapes=content.shapes,
        metrics=content.metrics,
        reported=content.reported,
        inputs_sha256=content.inputs_sha256,
        first_batch=content.first_batch,
        first_masks=content.first_masks,
        targets_sha256=manifest["arrays"]
        .get(names.PREDICTIONS_FILE, {})
        .get(names.TARGETS_KEY, {})
        .get("sha256"),
    )


def _check_identity(path: str, document: Mapping[str, Any], plan: Plan, trial: Trial) -> None:
    sha256, stated = plan.stated(trial)
    if document["plan"] != sha256:
        raise RefusalError(path, f"is of plan {document['plan']}, not of {sha256}")
    if document["trial"] != stated:
        raise RefusalError(path, "is of another trial than the folder it lies in")
