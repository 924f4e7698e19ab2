"""Write report.html and summary.md into a comparison's folder."""

from pathlib import Path

from diptych_analysis.records.reader import FolderReader
from diptych_analysis.report.data import prepare
from diptych_analysis.report.markdown import rendered_markdown
from diptych_analysis.report.page import rendered_page
from diptych_analysis.summary import Summary
from diptych_analysis.writer import write_text

REPORT_FILE = "report.html"
MARKDOWN_FILE = "summary.md"


def write_report(folder: Path, summary: Summary) -> Path:
    """Write both and return the path of report.html; each appears whole or not at all.

    Raises AnalysisError when the folder's records are not those of the summary.
    """
    report = prepare(FolderReader(folder), summary)
    write_text(folder, MARKDOWN_FILE, rendered_markdown(summary))
    return write_text(folder, REPORT_FILE, rendered_page(report))
