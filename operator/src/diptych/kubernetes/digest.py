"""What the analysis' pod said at its end: the digest of summary.json that goes into the status."""

import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from diptych.api.status import Report, Summary


@dataclass(frozen=True)
class Digest:
    """A digest that was understood."""

    summary: Summary
    report: Report | None

    @property
    def is_invalid(self) -> bool:
        """Whether the trials could not be compared."""
        return self.summary.verdict == "Invalid"

    def committed_of(self, version: str, planned: int) -> int | None:
        """Return how many of a version's trials were read; None where that is not told."""
        trials = self.summary.trials
        if trials.missing is None:
            return planned if trials.committed == trials.planned else None
        lacking = {each.version: each.trials for each in trials.missing}
        return max(0, planned - lacking.get(version, 0))

    def as_status(self) -> dict[str, Any]:
        """Return the parts of the status that the digest is."""
        parts: dict[str, Any] = {"summary": _plain(self.summary)}
        if self.report is not None:
            parts["report"] = _plain(self.report)
        return parts


class DigestError(ValueError):
    """The message is no digest; the text says why."""


def digest_of(message: str) -> Digest:
    """Return the digest that a termination message is; raise DigestError when it is none."""
    if not message:
        raise DigestError("it left no digest")
    try:
        document = json.loads(message)
        report = document.get("report")
        return Digest(
            summary=Summary.model_validate_json(json.dumps(document["summary"])),
            report=Report.model_validate_json(json.dumps(report)) if report is not None else None,
        )
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DigestError(f"its digest is not understood: {place}: {first['msg']}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DigestError(f"it left no digest but: {message[:300]}") from None


def _plain(model: Summary | Report) -> dict[str, Any]:
    return model.model_dump(mode="json", exclude_none=True)
