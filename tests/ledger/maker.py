"""A process that makes a store and records one fact: `python -m tests.ledger.maker PLACE
NUMBER`.
"""

import sys

from tests.ledger.events import Counted, submission
from tests.ledger.writer import open_log, wait

if __name__ == "__main__":
    wait()
    log = open_log(sys.argv[1], create=True)
    log.append([submission(Counted(int(sys.argv[2])))])
    print(sys.argv[2])  # noqa: T201
    log.close()
