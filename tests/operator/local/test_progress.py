import io

from rich.console import Console

from diptych.local.progress import Bars, Lines, display
from diptych_runner.contract.trials import Trial

TRIAL = Trial("2.4.0", "Native", 0, 7, 1)


def console(*, terminal: bool) -> tuple[Console, io.StringIO]:
    stream = io.StringIO()
    return Console(file=stream, force_terminal=terminal, width=100, color_system=None), stream


def test_elsewhere_each_trial_is_a_plain_line() -> None:
    shown_on, stream = console(terminal=False)
    with display(shown_on, ["2.4.0"], 12) as shown:
        assert isinstance(shown, Lines)
        shown.already_committed(TRIAL)
        shown.step(TRIAL, 5, 10)
        shown.committed(TRIAL, "Succeeded")
    assert stream.getvalue() == "[ 2/12] 2.4.0 Native seed 7 repeat 1: Succeeded (0 s)\n"


def test_a_download_is_a_line_now_and_then_and_one_at_its_end() -> None:
    shown_on, stream = console(terminal=False)
    with display(shown_on, ["2.4.0"], 12) as shown:
        for done in (1_000_000, 2_000_000, 3_500_000):
            shown.data("https://data/x.npz", done, 3_500_000)
    assert stream.getvalue().splitlines() == [
        "https://data/x.npz: 1.0 of 3.5 MB",
        "https://data/x.npz: 3.5 of 3.5 MB",
    ]


def test_a_terminal_shows_bars_with_the_step_at_work() -> None:
    shown_on, stream = console(terminal=True)
    with display(shown_on, ["2.4.0"], 2) as shown:
        assert isinstance(shown, Bars)
        shown.step(TRIAL, 5, 10)
        shown.committed(TRIAL, "Diverged")
        shown.note("a note")
    text = stream.getvalue()
    assert "2.4.0 Native seed 7 repeat 1: Diverged" in text
    assert "a note" in text
    assert "1/2" in text
