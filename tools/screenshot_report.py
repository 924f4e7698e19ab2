"""Take docs/images/report.png: the first screens of a comparison's report, in light and dark.

    python -m tools.screenshot_report FOLDER [TARGET]

FOLDER is a comparison's, with its report.html. Both halves are of one page, dark on the right, so
that one picture shows both; without TARGET it is the one of the documents, which is below 300 KB so
that the repository stays small.
"""

import base64
import sys
import tempfile
from pathlib import Path

from tools.chromium import Page, chromium, find_chromium

TARGET = Path(__file__).resolve().parents[1] / "docs" / "images" / "report.png"
MOST_BYTES = 300_000
_WIDTH, _HEIGHT = 900, 1330


def main(arguments: list[str]) -> int:
    """Take the picture; return 2 when an argument is wrong, 1 when there is no browser."""
    if len(arguments) not in (1, 2):
        print(__doc__)
        return 2
    source = Path(arguments[0]) / "report.html"
    target = Path(arguments[1]) if len(arguments) == 2 else TARGET
    if not source.is_file():
        print(f"{source}: there is none; `diptych report {arguments[0]}` writes it")
        return 2
    binary = find_chromium()
    if binary is None:
        print("no Chromium on PATH; tools/install-chromium.sh installs one")
        return 1
    with chromium(binary) as page:
        picture = _joined(page, [_shown(page, source, scheme) for scheme in ("light", "dark")])
    if target == TARGET and len(picture) > MOST_BYTES:
        print(f"the picture has {len(picture)} bytes, more than {MOST_BYTES}")
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(picture)
    print(f"{target}: {len(picture)} bytes")
    return 0


def _shown(page: Page, source: Path, scheme: str) -> bytes:
    page.resize(_WIDTH, _HEIGHT)
    page.prefer(scheme)
    page.open(source)
    return page.screenshot()


def _joined(page: Page, pictures: list[bytes]) -> bytes:
    """Return the pictures side by side, put together by the browser itself."""
    images = "".join(
        f'<img src="data:image/png;base64,{base64.b64encode(picture).decode()}">'
        for picture in pictures
    )
    style = f"body{{margin:0;display:flex}}img{{width:{_WIDTH * 2 // 3}px}}"
    with tempfile.TemporaryDirectory() as folder:
        both = Path(folder) / "both.html"
        both.write_text(f"<!DOCTYPE html><style>{style}</style>{images}", encoding="utf-8")
        page.resize(len(pictures) * (_WIDTH * 2 // 3), _HEIGHT * 2 // 3)
        page.open(both)
        return page.screenshot()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
