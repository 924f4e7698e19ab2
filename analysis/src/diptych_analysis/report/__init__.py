"""The report: from a summary and its records to report.html and summary.md.

Three steps that know nothing of each other's means: `data` (and what it calls) reads verified
records into plain values, `plots` turns values into SVG, `page` puts both into the template.
"""

from diptych_analysis.report.data import Report, prepare
from diptych_analysis.report.markdown import rendered_markdown
from diptych_analysis.report.page import rendered_page
from diptych_analysis.report.write import (
    FRESH_FILE,
    LADDER_FILE,
    MARKDOWN_FILE,
    REPORT_FILE,
    write_report,
)

__all__ = [
    "FRESH_FILE",
    "LADDER_FILE",
    "MARKDOWN_FILE",
    "REPORT_FILE",
    "Report",
    "prepare",
    "rendered_markdown",
    "rendered_page",
    "write_report",
]
