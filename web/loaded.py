"""Import everything that a serving process needs. Serving processes are forked from the process
that runs this module.

The loaded objects are permanent: if the garbage collector visited them, each fork would copy all
their memory pages.
"""

import gc

gc.disable()

from web import serving  # noqa: E402 (garbage collection is off before this import)

__all__ = ["serving"]

serving.load()
gc.collect()
gc.freeze()
gc.enable()
