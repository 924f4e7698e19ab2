"""Reads committed records and computes the verdict; see ARCHITECTURE.md."""

from diptych_analysis.analyze import analyze, analyze_folder
from diptych_analysis.errors import AnalysisError
from diptych_analysis.schema import rendered_schema
from diptych_analysis.summary import Summary
from diptych_analysis.writer import write_summary

__all__ = [
    "AnalysisError",
    "Summary",
    "analyze",
    "analyze_folder",
    "rendered_schema",
    "write_summary",
]
