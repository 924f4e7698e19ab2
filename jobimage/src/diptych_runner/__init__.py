"""Runs the trials of one comparison inside one framework version.

This package must start on every Python from 3.5 to 3.13 and imports nothing but the standard
library, NumPy and the framework under test: whatever else it asked for would become part of
what is compared.
"""

__version__ = "0.1.0"
