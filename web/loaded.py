"""All that a process which serves has to load, for one from which such processes are forked.

What is loaded stays: were it looked through for garbage, each of them would copy every page of it.
"""

import gc

from web import serving

__all__ = ["serving"]

serving.load()
gc.collect()
gc.freeze()
