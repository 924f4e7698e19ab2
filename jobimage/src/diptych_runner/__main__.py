"""`python -m diptych_runner`: see diptych_runner.main."""

import sys

from diptych_runner.main import main

if __name__ == "__main__":
    sys.exit(main())
