"""Twin of report/page.py and report/figures.py: the page as text; test_browser.py loads it."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from tests.analysis.builder import B, Training, cell, metric, plan, training
from tests.analysis.report.conftest import EVIL, Prepared, evil_plan, hostile, noisy, ordinary

from diptych_analysis.report import rendered_page
from diptych_analysis.summary import NotPinned, Probe
from diptych_runner.contract.trials import Trial

#: Elements that have no end tag.
VOID = {"meta", "input", "br", "img", "link"}


class Outline(HTMLParser):
    """Headings in order, every element's name, and whether tags are balanced."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.names: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs
        self.ids += [str(value) for name, value in attrs if name == "id"]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_well_formed_and_its_headings_are_in_order(prepared: Prepared) -> None:
    for versions in (("2.1.0", "2.4.0"), ("2.1.0", "2.4.0", "2.8.4")):
        outline = Outline(rendered_page(prepared(ordinary(versions))))
        assert outline.open == []
        assert outline.headings[0] == 1
        assert all(b - a <= 1 for a, b in pairwise(outline.headings))
        assert len(outline.ids) == len(set(outline.ids))


def test_what_no_control_could_pin_is_said_beside_the_environments(prepared: Prepared) -> None:
    report = prepared()
    assert "(notPinned)" not in rendered_page(report)
    kept = [NotPinned(version=B, parameters=["epsilon", "rho"])]
    summary = report.summary.model_copy(update={"not_pinned": kept})
    page = rendered_page(replace(report, summary=summary))
    assert f"shares parameters (notPinned): {B}: epsilon, rho." in page


def test_the_same_records_give_the_same_bytes(prepared: Prepared) -> None:
    assert rendered_page(prepared()) == rendered_page(prepared())


def test_it_names_nothing_to_fetch(prepared: Prepared) -> None:
    page = rendered_page(prepared())
    assert "http:" not in page
    assert "https:" not in page
    outline = Outline(page)
    assert not {"link", "img", "iframe", "object"} & set(outline.names)
    links = [value for name, value in outline.attributes if name in ("href", "src")]
    assert all(str(link).startswith("#") for link in links)


def test_hostile_text_is_text_everywhere(prepared: Prepared) -> None:
    page = rendered_page(prepared(evil_plan(), hostile))
    outline = Outline(page)
    assert outline.names.count("script") == 2
    assert "img" not in outline.names
    assert not [name for name, _ in outline.attributes if name.startswith("on")]
    assert "<script>alert" not in page
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in page
    assert EVIL not in page


def test_the_inline_data_is_the_summary(prepared: Prepared) -> None:
    report = prepared()
    candidate = report.summary.candidates[0].model_copy(update={"reason": EVIL + "\u2028"})
    summary = report.summary.model_copy(update={"candidates": [candidate]})
    page = rendered_page(type(report)(**{**vars(report), "summary": summary}))
    (data,) = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert json.loads(data) == json.loads(summary.to_json())


@pytest.mark.parametrize(
    ("verdict", "shape"),
    [
        ("Identical", "<circle"),
        ("Equivalent", "<circle"),
        ("Different", "M12 .5"),
        ("Inconclusive", "M12 1 "),
        ("Invalid", "M1.5 1.5"),
    ],
)
def test_a_verdict_is_a_word_and_a_shape(prepared: Prepared, verdict: str, shape: str) -> None:
    report = prepared()
    summary = report.summary.model_copy(update={"verdict": verdict})
    page = rendered_page(type(report)(**{**vars(report), "summary": summary}))
    word = page[page.index('class="word') :][:600]
    assert f"<span>{verdict}</span>" in word
    assert shape in word


def test_identical_versions_are_said_in_words_and_not_drawn_apart(prepared: Prepared) -> None:
    report = prepared(train=lambda t: training(t.seed))
    page = rendered_page(report)
    assert report.summary.verdict == "Identical"
    assert "is the same bits" in page
    assert "Distance of the training losses" not in page


def test_one_candidate_leads_with_its_whole_reason(prepared: Prepared) -> None:
    report = prepared(train=lambda t: training(t.seed))
    page = rendered_page(report)
    assert f'<p class="lead">{report.summary.candidates[0].reason}</p>' in page


def test_a_version_of_another_name_tells_what_it_is(prepared: Prepared) -> None:
    versions: list[dict[str, object]] = [
        {"name": "first", "version": "2.4.0", "image": None, "env": []},
        {"name": "2.4.0", "version": "2.4.0", "image": None, "env": []},
    ]
    made = plan(seeds=3, versions=("first", "2.4.0"), axes={"versions": versions})
    assert "<dd>tensorflow first (2.4.0) → 2.4.0</dd>" in rendered_page(prepared(made))


def test_one_step_is_taken_apart_where_it_was_probed(prepared: Prepared) -> None:
    report = prepared()
    assert "One step taken apart" not in rendered_page(report)
    probe = Probe.model_validate(
        {
            "control": "SharedMasks",
            "seeds": 5,
            "places": ["backward"],
            "phases": [
                {
                    "phase": "backward",
                    "verdict": "Different",
                    "tensor": "hidden/kernel",
                    "max_ulp": 12345,
                    "relative_l2": 0.01,
                    "tolerance": 1e-6,
                }
            ],
        }
    )
    candidate = report.summary.candidates[0].model_copy(update={"probe": probe})
    summary = report.summary.model_copy(update={"candidates": [candidate]})
    page = rendered_page(replace(report, summary=summary))
    assert "under SharedMasks, 5 seeds: the versions part beyond rounding in: backward." in page
    assert "<code>hidden/kernel</code>" in page
    assert "12,345" in page
    assert Outline(page).open == []


def test_an_empty_store_still_makes_a_page(prepared: Prepared) -> None:
    made = plan(seeds=2, analysis={"minimumCompletedPercent": 90})
    page = rendered_page(prepared(made, lambda t: replace(noisy(t), outcome="Failed")))
    assert "Invalid" in page
    assert Outline(page).open == []


def test_a_sweep_is_drawn_and_its_closest_setting_named(prepared: Prepared) -> None:
    settings = [{}, {"learningRate": "0.01"}]
    cells = [cell(setting=setting, seeds=4) for setting in range(2)]
    made = plan(seeds=4, cells=cells, axes={"settings": settings})
    # Each setting trains other bits, else there were none to choose.
    page = rendered_page(prepared(made, lambda t: noisy(t._replace(seed=t.seed + 10 * t.setting))))
    assert "test_loss of 2.4.0 by setting, against 2.1.0 as given" in page
    assert "learningRate 0.01" in page
    assert "a selection effect" in page
    assert "by setting, against" not in rendered_page(prepared())


def test_known_changes_apply_and_none_is_called_the_cause(prepared: Prepared) -> None:
    page = rendered_page(prepared())
    assert "1 known change between the versions; none is called" in page
    assert "Known changes that apply</h" in page
    assert "measured: one graph seed" in page


def test_known_changes_that_fit_what_went_away_come_first(prepared: Prepared) -> None:
    report = prepared()
    (candidate,) = report.summary.candidates
    (change,) = candidate.known_changes
    fits = [change.model_copy(update={"fit": fit}) for fit in ("DoesNotFit", "Fits")]
    changed = candidate.model_copy(update={"known_changes": fits})
    summary = report.summary.model_copy(update={"candidates": [changed]})
    page = rendered_page(replace(report, summary=summary))
    assert "none is called the cause; 1 fits what went away; 1 does not fit" in page
    assert page.index("<strong>1 fits what") < page.index("<strong>1 does not fit")


def test_why_answers_the_verdict_only_where_it_is_different(prepared: Prepared) -> None:
    report = prepared()
    assert "<strong>Why single seeds differ:</strong>" in rendered_page(report)
    (candidate,) = report.summary.candidates
    metrics = [m.model_copy(update={"verdict": "Different"}) for m in candidate.metrics]
    changed = candidate.model_copy(update={"metrics": metrics})
    summary = report.summary.model_copy(update={"candidates": [changed]})
    assert "<strong>Why:</strong>" in rendered_page(replace(report, summary=summary))


def test_twenty_seeds_of_many_steps_stay_below_two_megabytes(prepared: Prepared) -> None:
    made = plan(seeds=20, cells=[cell(seeds=20), cell(repeat=1, seeds=3)])
    page = rendered_page(prepared(made, lambda t: noisy(t, 3000)))
    assert len(page.encode()) < 1_000_000
    assert "Each point stands for up to 13 steps" in page


def test_sixteen_versions_by_sixty_four_settings_stay_bounded(prepared: Prepared) -> None:
    report = prepared(ordinary(("2.1.0", "2.4.0", "2.8.4")))
    row = report.summary.candidates[0].metrics[0]
    many = [
        row.model_copy(update={"setting": k, "verdict": "Different" if k == 40 else row.verdict})
        for k in range(64)
    ]
    names = [f"2.{k}.0" for k in range(15)]
    candidates = [
        report.summary.candidates[k % 2].model_copy(update={"version": name, "metrics": many * 2})
        for k, name in enumerate(names)
    ]
    paths = replace(report.paths, curves=dict.fromkeys(names, report.paths.curves["2.4.0"]))
    versions = [dict(report.plan.axes["versions"][0], name=n) for n in ("2.1.0", *names)]
    made = plan(seeds=5, versions=("2.1.0", *names), axes={"versions": versions})
    summary = report.summary.model_copy(update={"candidates": candidates})
    page = rendered_page(replace(report, summary=summary, paths=paths, plan=made))
    assert len(page.encode()) < 2_500_000
    (data,) = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    inline = json.loads(data)["candidates"][3]["metrics"]
    # Setting 0 and the worst are there, whatever is left out.
    assert {(r["setting"], r["verdict"]) for r in inline} >= {(0, row.verdict), (40, "Different")}
    assert "Of setting 0 all, then the worst; 112 more rows in summary.json." in page
    assert "summary.json beside it has all" in page
    assert Outline(page).open == []


def test_text_has_enough_contrast_in_both_schemes(prepared: Prepared) -> None:
    page = rendered_page(prepared())
    schemes = re.findall(r"(--page:[^}]*?)color-scheme", page)
    assert len({scheme[:200] for scheme in schemes}) >= 2
    for scheme in schemes:
        colours = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{3,6})", scheme))
        for name in ("ink", "muted", "baseline", "candidate", "good", "bad", "open"):
            for ground in ("page", "card"):
                assert _contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
        assert _contrast(colours["ink"], colours["mark"]) >= 4.5
        assert _contrast(colours["apart"], colours["card"]) >= 3
        assert _contrast(colours["ink"], colours["margin"]) >= 4.5


def _contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("builtin", ["a-published-log", None])
def test_records_of_another_program_have_a_report(prepared: Prepared, builtin: str | None) -> None:
    workload: dict[str, object] = {
        "builtin": builtin,
        "module": None,
        "parameters": {},
        "data": None,
    }
    page = rendered_page(prepared(plan(seeds=3, axes={"workload": workload})))
    assert f"<dt>Workload</dt><dd>{builtin or 'not told by the plan'}</dd>" in page


def test_the_first_sentence_leads_though_the_second_begins_with_a_metrics_name(
    prepared: Prepared,
) -> None:
    two = [metric(margin="1"), metric(name="other_loss", margin="1")]
    report = prepared(plan(seeds=5, analysis={"metrics": two}))
    page = rendered_page(report)
    lead = page[page.index('<p class="lead">') : page.index("</p>", page.index('<p class="lead">'))]
    assert "test_loss of 2.4.0 is within 1 of 2.1.0" in lead
    assert "other_loss" not in lead
    besides = page.index('<p class="besides">')
    assert "other_loss of 2.4.0 is within 1" in page[besides:]
    # What to do next is on a phone's first screen, before the other metrics.
    assert page.index('<p class="next">') < besides


def test_the_one_reason_of_invalid_is_said_once(prepared: Prepared) -> None:
    def other_version(trial: Trial) -> Training:
        framework = {"name": "tensorflow", "requested": trial.version, "version": "2.0.0"}
        return replace(
            noisy(trial), environment={"framework": framework} if trial.version == B else {}
        )

    page = rendered_page(prepared(train=other_version))
    answer = page[page.index('class="answer') : page.index('<section aria-labelledby="metrics"')]
    assert answer.count("its image has tensorflow 2.0.0") == 1
    assert "trials that stand out" in answer
