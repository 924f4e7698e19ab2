"""Makes the builder of synthetic comparisons importable as `tests.analysis.builder`.

Tests are imported one by one (importlib mode), which puts no folder on the path by itself.
"""

import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:
    sys.path.append(ROOT)
