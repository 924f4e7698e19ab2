"""`python -m diptych.kubernetes`: the operator's command; its configuration is its environment."""

import asyncio
import logging
import os
import sys

from diptych.kubernetes.configuration import ConfigurationError, from_environment
from diptych.kubernetes.errors import Foreseen
from diptych.kubernetes.escalations import InOneLine
from diptych.kubernetes.process import CannotStart, run

logger = logging.getLogger("diptych.kubernetes")


def main() -> int:
    """Run the operator; return 0 after a signal, 2 for a mistake to mend, 1 for a failure."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    # kopf says of every event and probe that it succeeded; what follows from it is our log's.
    for noisy in ("kopf.objects", "kopf.activities", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Why a probe failed is said in a line; the probe's server would add kopf's traceback of it.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    for handler in logging.getLogger().handlers:
        handler.addFilter(InOneLine())
    try:
        asyncio.run(run(from_environment(os.environ)))
    except (ConfigurationError, CannotStart) as error:
        logger.error("%s", error)  # noqa: TRY400 - a person is to mend it, a traceback is no help
        return 2
    except Foreseen as error:
        logger.error("%s", error)  # noqa: TRY400 - the server is away; the next start tries again
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
