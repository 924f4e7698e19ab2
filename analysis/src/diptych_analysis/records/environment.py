"""environment.json and timing.json, in brief."""

import json
import statistics

from diptych_analysis.records import documents
from diptych_analysis.records.outcome import Setup, Timing
from diptych_runner.contract import names

#: What SharedNumerics switches off, in words.
_SWITCHES = {"tf32": "TensorFloat-32", "oneDnn": "oneDNN"}


def setup_of(data: bytes | None) -> Setup | None:
    """Return what of environment.json bears on validity; None when the trial wrote none."""
    if data is None:
        return None
    document = documents.parse_as("environment", names.ENVIRONMENT_FILE, data)
    framework, code = document["framework"], document["code"]
    parameters = document["parameters"]
    return Setup(
        framework=framework["name"],
        requested=framework["requested"],
        reported=framework["version"],
        cpu=document["cpu"]["model"],
        gpus=tuple(sorted(document["gpus"])),
        driver=document["driver"],
        shared=tuple(sorted(document["shared"])),
        effective=tuple(
            (name, _word(value)) for name, value in sorted(parameters["effective"].items())
        ),
        defaults=tuple(sorted(parameters.get("defaults", {}).items())),
        switched_on=tuple(
            word for key, word in _SWITCHES.items() if document["numerics"][key] is True
        ),
        runner_sha256=code["runnerSha256"],
        user_sha256=code["user"],
        train_sha256=document["data"]["trainSha256"],
        test_sha256=document["data"]["testSha256"],
        parts=tuple(
            (name, part["dtype"], tuple(part["shape"]), part["sha256"])
            for name, part in sorted(document["data"].get("parts", {}).items())
        ),
        pinned=tuple(sorted(parameters.get("pinned", {}).items())),
        not_pinned=tuple(sorted(parameters.get("notPinned", ()))),
        models=document.get("models", 0),
        parameters=tuple(
            (name, json.dumps(value, sort_keys=True))
            for name, value in sorted(parameters["requested"].items())
        ),
        threads=(document["threads"]["intraOp"], document["threads"]["interOp"]),
    )


def _word(value: object) -> str:
    if value is None:
        return "none"
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def timing_of(data: bytes | None) -> Timing | None:
    """Return timing.json in brief; None when the trial wrote none."""
    if data is None:
        return None
    document = documents.parse_as("timing", names.TIMING_FILE, data)
    steps = document["stepSeconds"]
    return Timing(
        step_seconds=statistics.median(steps) if steps else None,
        wall_seconds=document["wallSeconds"],
        peak_host_bytes=document["peakHostBytes"],
        peak_device_bytes=document["peakDeviceBytes"],
        peak_device_reason=document["peakDeviceReason"],
    )
