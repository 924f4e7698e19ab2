"""Write report.html, summary.md and the proposed comparisons beside a comparison's records."""

from diptych_analysis.records.reader import Home, store_of
from diptych_analysis.report.data import prepare
from diptych_analysis.report.markdown import rendered_markdown
from diptych_analysis.report.page import rendered_page
from diptych_analysis.source import Source, source_at
from diptych_analysis.summary import Summary
from diptych_analysis.writer import write_text

REPORT_FILE = "report.html"
MARKDOWN_FILE = "summary.md"
FRESH_FILE, LADDER_FILE = "fresh.yaml", "ladder.yaml"


def write_report(home: Home, summary: Summary, *, source: Source | None = None) -> str:
    """Write them and return the address of report.html; each appears whole or not at all.

    `source` is what the summary was made from when that does not lie in `home`. Raises
    AnalysisError when the records are not those of the summary.
    """
    report = prepare(source or source_at(home), summary)
    write_text(home, MARKDOWN_FILE, rendered_markdown(summary))
    for name, proposed in ((FRESH_FILE, summary.fresh), (LADDER_FILE, summary.ladder)):
        if proposed is not None and proposed.resource is not None:
            write_text(home, name, proposed.resource)
        elif store_of(home).exists(name):
            # An earlier analysis proposed it, of fewer trials perhaps: it must not be taken now.
            write_text(home, name, "# The last analysis proposes no such comparison.\n")
    return write_text(home, REPORT_FILE, rendered_page(report))
