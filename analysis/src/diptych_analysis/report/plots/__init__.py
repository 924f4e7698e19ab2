"""Plots as SVG text: pure functions of values, one plot a file.

Each is drawn twice, WIDE and NARROW, and the page shows the one that fits: text keeps its size on
a phone. Colours come from the page's style by class, so that one drawing serves light and dark.
"""
