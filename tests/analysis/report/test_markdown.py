"""Twin of report/markdown.py."""

from markdown_it import MarkdownIt
from tests.analysis.report.conftest import EVIL, Prepared, ordinary

from diptych_analysis.report.markdown import MOST_BYTES, escaped, rendered_markdown
from diptych_analysis.summary import Shortfall


def test_it_says_verdict_numbers_and_cause(prepared: Prepared) -> None:
    text = rendered_markdown(prepared().summary)
    assert text.startswith("### ✅ Equivalent: demo\n")
    assert "| test\\_loss | ✅ Equivalent |" in text
    assert "(90 %) | ± " in text  # the interval that Equivalent rests on
    assert (
        "**Why single seeds differ:** Seed by seed, over the 3 of 5 seeds that every control has, "
        "the values of "
    ) in text
    assert "16 of 16 trials" not in text
    assert "20 of 20 trials succeeded" in text


def test_a_level_near_1_is_told_whole(prepared: Prepared) -> None:
    summary = prepared().summary
    (candidate,) = summary.candidates
    strict = {"confidence": 0.9995}
    metrics = [
        metric.model_copy(update={**strict, "verdict": verdict})
        for metric in candidate.metrics
        for verdict in ("Equivalent", "Inconclusive")
    ]
    candidate = candidate.model_copy(update={"metrics": metrics})
    text = rendered_markdown(summary.model_copy(update={"candidates": [candidate]}))
    assert "(99.9 %)" in text
    assert "(99.95 %)" in text


def test_hostile_text_stays_text() -> None:
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(
        escaped(EVIL + " **b** [l](javascript:x) ![i](y) `c` | @you #12 _e_ ~~s~~", 500)
    )
    html = html.replace("<!-- -->", "")
    assert html.startswith("<p>&lt;/script&gt;")
    assert html.count("<") == 2  # the paragraph itself


def test_mentions_and_references_are_broken_up() -> None:
    assert escaped("@team #12") == "@<!-- -->team #<!-- -->12"


def test_a_table_stays_a_table(prepared: Prepared) -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(rendered_markdown(prepared().summary))
    assert html.count("<tr>") == 2


def test_however_much_there_is_it_stays_small_and_says_what_is_left_out(prepared: Prepared) -> None:
    versions = ("2.1.0", *(f"2.{k}.0-{'ü' * 3}long-name-of-forty-letters" for k in range(15)))
    summary = prepared(ordinary(versions)).summary
    lost = [
        Shortfall(trial=f"trials/{k}", status="Failed", reason=f"{EVIL}\n{EVIL}") for k in range(99)
    ]
    trials = summary.trials.model_copy(update={"failed": lost})
    text = rendered_markdown(summary.model_copy(update={"trials": trials}))
    assert len(text.encode()) <= MOST_BYTES
    assert "more causes" in text
    assert "- … and 99 more trials" in text or "more trials" in text
    assert text.endswith("`.\n")
