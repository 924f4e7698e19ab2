"""`python -m diptych_runner`: see diptych_runner.main."""

import os
import sys

# Python puts the current folder first on the path, and a random.py there would be imported.
if sys.path[0] in ("", os.getcwd()):
    del sys.path[0]

from diptych_runner.main import main

if __name__ == "__main__":
    sys.exit(main())
