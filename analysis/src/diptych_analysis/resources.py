"""What a trial of a version takes; outside every comparison of bits."""

import statistics
from collections.abc import Iterable

from diptych_analysis.records.outcome import Committed
from diptych_analysis.summary import Usage


def usage(version: str, records: Iterable[Committed]) -> Usage:
    """Return medians and peaks over the Succeeded trials of a version that recorded them."""
    timings = [record.timing for record in records if record.succeeded and record.timing]
    steps = [timing.step_seconds for timing in timings if timing.step_seconds is not None]
    device = [t.peak_device_bytes for t in timings if t.peak_device_bytes is not None]
    reasons = [t.peak_device_reason for t in timings if t.peak_device_reason is not None]
    return Usage(
        version=version,
        median_step_seconds=statistics.median(steps) if steps else None,
        median_wall_seconds=statistics.median([t.wall_seconds for t in timings])
        if timings
        else None,
        peak_host_bytes=max((t.peak_host_bytes for t in timings), default=None),
        peak_device_bytes=max(device, default=None),
        peak_device_reason=None if device else (reasons[0] if reasons else "no trial recorded it"),
    )
