import re
from pathlib import Path

import prometheus_client

from diptych.kubernetes import metrics

DOCS = Path(__file__).resolve().parents[3] / "docs" / "kubernetes.md"


def test_requests_are_counted_by_what_they_ask_for() -> None:
    metrics.requested(
        "PATCH", "/apis/diptych.dev/v1alpha1/namespaces/n/versioncomparisons/x/status", "200"
    )
    metrics.requested("GET", "/api/v1/namespaces/n/pods", "none")
    metrics.requested("GET", "/version", "200")
    text = prometheus_client.generate_latest().decode()
    assert 'code="200",resource="versioncomparisons",verb="patch"' in text
    assert 'code="none",resource="pods",verb="get"' in text
    assert 'code="200",resource="other",verb="get"' in text


def test_a_phase_that_nobody_is_in_any_more_is_not_told() -> None:
    metrics.count_phases({"Running": 2})
    metrics.count_phases({"Succeeded": 1})
    text = prometheus_client.generate_latest().decode()
    assert 'diptych_comparisons{phase="Succeeded"} 1.0' in text
    assert 'phase="Running"' not in text


def test_the_documentation_lists_every_metric() -> None:
    text = prometheus_client.generate_latest().decode()
    ours = set(re.findall(r"^# HELP (diptych_\w+)", text, flags=re.MULTILINE))
    ours = {name for name in ours if not name.endswith("_created")}
    documented = set(re.findall(r"`(diptych_\w+)`", DOCS.read_text(encoding="utf-8")))
    assert documented == ours
