"""Write report.html and summary.md beside a comparison's records."""

from diptych_analysis.records.reader import Home
from diptych_analysis.report.data import prepare
from diptych_analysis.report.markdown import rendered_markdown
from diptych_analysis.report.page import rendered_page
from diptych_analysis.source import Source, source_at
from diptych_analysis.summary import Summary
from diptych_analysis.writer import write_text

REPORT_FILE = "report.html"
MARKDOWN_FILE = "summary.md"


def write_report(home: Home, summary: Summary, *, source: Source | None = None) -> str:
    """Write both and return the address of report.html; each appears whole or not at all.

    `source` is what the summary was made from when that does not lie in `home`. Raises
    AnalysisError when the records are not those of the summary.
    """
    report = prepare(source or source_at(home), summary)
    write_text(home, MARKDOWN_FILE, rendered_markdown(summary))
    return write_text(home, REPORT_FILE, rendered_page(report))
