"""A verdict as a shape with a sign: told apart without colour."""

from markupsafe import Markup

from diptych_analysis.report.plots.svg import element

_SHAPES = {
    "circle": '<circle cx="12" cy="12" r="11"/>',
    "diamond": '<path d="M12 .5 23.5 12 12 23.5 .5 12Z"/>',
    "triangle": '<path d="M12 1 23.5 22.5H.5Z"/>',
    "square": '<path d="M1.5 1.5h21v21h-21Z"/>',
}
_SIGNS = {
    "equal": '<path d="M7 9.7h10M7 14.3h10"/>',
    "about": '<path d="M7 10.2q2.5-2.6 5-.6t5-.6M7 15q2.5-2.6 5-.6t5-.6"/>',
    "unequal": '<path d="M7.5 9.9h9M7.5 14.1h9M14.5 6.8l-5 10.4"/>',
    "question": '<path d="M9.8 11.5q0-2.2 2.2-2.2t2.2 1.9q0 1.3-2.2 2.4v1.5M12 18.2v1.2"/>',
    "cross": '<path d="M8 8l8 8M16 8l-8 8"/>',
    "check": '<path d="M7 12.5l3.5 3.5L17 8.5"/>',
    "none": '<path d="M8 12h8"/>',
}
#: Shape and sign of each verdict, and of each status of a trial.
_LOOKS = {
    "Identical": ("circle", "equal"),
    "Equivalent": ("circle", "about"),
    "Different": ("diamond", "unequal"),
    "Inconclusive": ("triangle", "question"),
    "Invalid": ("square", "cross"),
    "Succeeded": ("circle", "check"),
    "Diverged": ("diamond", "unequal"),
    "Failed": ("square", "cross"),
    "Refused": ("square", "cross"),
    "Missing": ("triangle", "none"),
}
#: How each is coloured; the page's style has the colours.
TONES = {
    "Identical": "good",
    "Equivalent": "good",
    "Succeeded": "good",
    "Inconclusive": "open",
    "Missing": "open",
    "Different": "bad",
    "Invalid": "bad",
    "Diverged": "bad",
    "Failed": "bad",
    "Refused": "bad",
}


def badge(word: str) -> Markup:
    """Return the mark of a verdict or status; it stands beside the word, so it has no name."""
    shape, sign = _LOOKS[word]
    return element(
        "svg",
        Markup(_SHAPES[shape]),  # noqa: S704 - a constant of this module
        Markup(f'<g class="sign">{_SIGNS[sign]}</g>'),  # noqa: S704 - a constant of this module
        class_=f"badge {TONES[word]}",
        viewBox="0 0 24 24",
        aria_hidden="true",
    )
