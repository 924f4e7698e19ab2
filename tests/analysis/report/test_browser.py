"""The page in a real headless Chromium without a network: what a person sees, does and prints."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.analysis.builder import A, B
from tests.analysis.report.conftest import Prepared, evil_plan, hostile, noisy, ordinary
from tools.chromium import Page, chromium, find_chromium

from diptych_analysis.report import Report, rendered_page

pytestmark = pytest.mark.needs_chromium
#: Of console and log, what a clean page may say.
_QUIET = {"debug", "info", "log", "verbose"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    binary = find_chromium()
    assert binary is not None
    with chromium(binary) as page:
        yield page


@pytest.fixture
def opened(browser: Page, prepared: Prepared, tmp_path: Path) -> Page:
    """Return the ordinary report at a desktop's size."""
    return show(browser, prepared(), tmp_path)


def show(browser: Page, report: Report, folder: Path, width: int = 1000) -> Page:
    path = folder / "report.html"
    path.write_text(rendered_page(report), encoding="utf-8")
    browser.resize(width, 900, mobile=width < 500)
    browser.prefer("light")
    browser.open(path)
    return browser


def complaints(page: Page) -> list[Any]:
    """Return every error, warning and exception since the page was opened."""
    found: list[Any] = []
    for event in page.events:
        told = event.get("params", {})
        if event["method"] == "Runtime.exceptionThrown":
            found.append(told)
        if event["method"] == "Runtime.consoleAPICalled" and told["type"] not in _QUIET:
            found.append(told)
        if event["method"] == "Log.entryAdded" and told["entry"]["level"] not in _QUIET:
            found.append(told["entry"])
    return found


def requests(page: Page) -> list[str]:
    return [
        event["params"]["request"]["url"]
        for event in page.events
        if event["method"] == "Network.requestWillBeSent"
    ]


@pytest.mark.parametrize("kind", ["ordinary", "hostile", "many"])
def test_it_loads_itself_and_nothing_else_and_has_no_complaint(
    browser: Page, prepared: Prepared, tmp_path: Path, kind: str
) -> None:
    plans = {"hostile": evil_plan(), "many": ordinary((A, B, "3", "4"))}
    report = prepared(plans.get(kind), hostile if kind == "hostile" else noisy)
    page = show(browser, report, tmp_path)
    assert complaints(page) == []
    assert requests(page) == [(tmp_path / "report.html").as_uri()]
    assert page.evaluate("document.images.length") == 0


def test_the_differences_switch_hides_and_shows_what_is_equal(opened: Page) -> None:
    shown = "[...document.querySelectorAll('.compared tr')].filter(r => r.offsetParent).length"
    few = opened.evaluate(shown)
    opened.evaluate("document.getElementById('differences').focus()")
    opened.press(" ", 32)
    assert opened.evaluate("document.getElementById('differences').checked") is False
    assert opened.evaluate(shown) > few
    opened.press(" ", 32)
    assert opened.evaluate(shown) == few


def test_the_tab_key_reaches_every_control_in_reading_order(opened: Page) -> None:
    reached: list[tuple[float, str]] = []
    for _ in range(200):
        opened.press("Tab", 9)
        name = opened.evaluate(
            "(() => { const e = document.activeElement; const b = e.getBoundingClientRect();"
            " return e === document.body ? null :"
            " [Math.round(b.top + scrollY), (e.id || e.textContent || e.tagName).trim()]; })()"
        )
        if name is None:
            break
        reached.append((name[0], name[1]))
    else:
        pytest.fail("Tab never comes to the end of the page")
    words = [word for _, word in reached]
    assert words[0] == "Skip to the answer"
    assert "theme" in words
    assert "differences" in words
    assert words[-1] == "download"
    controls = [top for top, word in reached if word != "Skip to the answer"]
    assert all(b >= a - 40 for a, b in pairwise(controls))


@pytest.mark.parametrize("width", [320, 360, 412])
@pytest.mark.parametrize("kind", ["ordinary", "hostile", "many"])
def test_a_phone_never_scrolls_sideways(
    browser: Page, prepared: Prepared, tmp_path: Path, kind: str, width: int
) -> None:
    plans = {"hostile": evil_plan(), "many": ordinary((A, B, "a-name-" * 5 + "long", "4"))}
    report = prepared(plans.get(kind), hostile if kind == "hostile" else noisy)
    page = show(browser, report, tmp_path, width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.evaluate("document.getElementById('differences').click()")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    size = "parseFloat(getComputedStyle(document.querySelector('.plot.narrow text')).fontSize)"
    drawn = "document.querySelector('.plot.narrow').getBoundingClientRect().width"
    assert page.evaluate(f"{size} * {drawn} / 320") >= 9.5


def test_names_of_the_environment_have_the_width_of_a_phone(
    browser: Page, prepared: Prepared, tmp_path: Path
) -> None:
    page = show(browser, prepared(), tmp_path, 390)
    widths = "[...document.querySelectorAll('.compared tbody th')].map(h => h.clientWidth)"
    found = [width for width in page.evaluate(widths) if width]  # hidden ones have none
    assert found
    assert min(found) > 250


def test_no_head_of_the_metrics_breaks_within_a_word(
    browser: Page, prepared: Prepared, tmp_path: Path
) -> None:
    page = show(browser, prepared(), tmp_path, 718)  # A4 less its margins
    broken = page.evaluate(
        "[...document.querySelectorAll('section[aria-labelledby=metrics] > .scroll thead th')]"
        ".map(head => { const range = document.createRange(); range.selectNodeContents(head);"
        " const lines = new Set([...range.getClientRects()].map(r => Math.round(r.top))).size;"
        " return [head.textContent, lines, head.textContent.trim().split(/\\s+/).length]; })"
        ".filter(([, lines, words]) => lines > words)"
    )
    assert broken == []


def test_the_theme_follows_the_system_and_the_switch(opened: Page) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light = opened.evaluate(ground)
    opened.prefer("dark")
    dark = opened.evaluate(ground)
    assert dark != light
    choose = "(() => {{ const t = document.getElementById('theme'); t.value = '{}';"
    choose += " t.dispatchEvent(new Event('change')); }})()"
    opened.evaluate(choose.format("light"))
    assert opened.evaluate(ground) == light
    opened.prefer("light")
    opened.evaluate(choose.format("dark"))
    assert opened.evaluate(ground) == dark
    opened.evaluate(choose.format(""))
    assert opened.evaluate(ground) == light


def test_the_download_is_the_summary(opened: Page) -> None:
    opened.evaluate(
        "URL.createObjectURL = blob => { window.saved = blob; return '#'; };"
        "HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download; };"
    )
    opened.evaluate("document.getElementById('download').dispatchEvent(new Event('click'))")
    saved = json.loads(opened.evaluate("window.saved.text()"))
    assert (saved["verdict"], opened.evaluate("window.savedAs")) == ("Equivalent", "summary.json")
    assert complaints(opened) == []


#: Every visible text whose colour is too near its ground: WCAG 2's AA, large text at 3.
_LOW_CONTRAST = """(() => {
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const ground = e => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0.99) return c;
    }
    return [255, 255, 255];
  };
  const low = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.getClientRects().length) continue;
    if (e.closest("script, style, .skip")) continue;
    const style = getComputedStyle(e), svg = e.closest("svg");
    const pair = [light(parse(svg ? style.fill : style.color)), light(ground(svg || e))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    const size = parseFloat(style.fontSize), bold = style.fontWeight >= 700;
    const large = size >= 24 || (size >= 18.6 && bold);
    seen += 1;
    if (ratio < (large ? 3 : 4.5)) low.push([walk.currentNode.data.trim(), ratio]);
  }
  return [seen, low];
})()"""
#: References to ids that are not there, and controls, images and tables without a name.
_BROKEN = """[
  ...[...document.querySelectorAll("[aria-labelledby], [for], a[href^='#']")]
    .map(e => e.getAttribute("aria-labelledby") || e.htmlFor || e.getAttribute("href").slice(1))
    .filter(id => !document.getElementById(id)),
  ...[...document.querySelectorAll("table")].filter(t => !t.caption).map(() => "table"),
  ...[...document.querySelectorAll("[role=region]")].filter(e => !e.ariaLabel).map(() => "region"),
  ...[...document.querySelectorAll("svg[role=img]")]
    .filter(e => !e.querySelector("title").textContent).map(() => "image"),
  ...[...document.querySelectorAll("th")].filter(e => !e.scope).map(e => e.textContent),
]"""


@pytest.mark.parametrize("kind", ["ordinary", "hostile", "many"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_that_is_drawn_can_be_read(
    browser: Page, prepared: Prepared, tmp_path: Path, kind: str, scheme: str
) -> None:
    plans = {"hostile": evil_plan(), "many": ordinary((A, B, "3", "4"))}
    report = prepared(plans.get(kind), hostile if kind == "hostile" else noisy)
    page = show(browser, report, tmp_path)
    page.prefer(scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    seen, low = page.evaluate(_LOW_CONTRAST)
    assert seen > 200
    assert low == []
    assert page.evaluate(_BROKEN) == []
    assert page.evaluate("['main', 'h1', 'nav'].map(n => document.querySelectorAll(n).length)") == [
        1,
        1,
        1,
    ]


def test_a_link_to_folded_yaml_opens_it(browser: Page, prepared: Prepared, tmp_path: Path) -> None:
    report = prepared(train=noisy)
    assert report.summary.ladder is not None
    page = show(browser, report, tmp_path)
    assert page.evaluate("document.getElementById('ladder').open") is False
    page.evaluate("document.querySelector('.next a').click()")
    opened = "new Promise(r => setTimeout(() => r(document.getElementById('ladder').open), 100))"
    assert page.evaluate(opened) is True
    assert complaints(page) == []


def test_a_screen_reader_hears_the_plots_and_the_tables(opened: Page) -> None:
    nodes = opened.send("Accessibility.getFullAXTree")["nodes"]
    told = {
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node.get("ignored") and "role" in node
    }
    roles = {role for role, _ in told}
    assert ("heading", "Why single seeds differ") in told
    assert ("image", "test_loss: difference against margin") in told
    assert ("image", "training loss by step") in told
    assert {"table", "columnheader", "rowheader", "navigation", "main", "checkbox"} <= roles
    assert not [name for role, name in told if role in ("image", "button", "link") and not name]


def test_it_prints_on_few_pages_without_its_controls(opened: Page) -> None:
    pdf = opened.pdf()
    assert pdf.startswith(b"%PDF")
    assert 2 <= pdf.count(b"/Type /Page\n") <= 12
    opened.send("Emulation.setEmulatedMedia", media="print")
    assert opened.evaluate("document.querySelector('.top').offsetParent") is None
    opened.send("Emulation.setEmulatedMedia", media="")


def test_without_scripts_everything_is_there_to_read(
    browser: Page, prepared: Prepared, tmp_path: Path
) -> None:
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        page = show(browser, prepared(), tmp_path)
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", value=False)
    hidden = "['theme', 'download'].map(id => document.getElementById(id).offsetParent)"
    assert page.evaluate(hidden) == [None, None]
    assert page.evaluate("document.querySelectorAll('.plot.wide').length") >= 3
