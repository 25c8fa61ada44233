"""How kernels are compiled.

Compiled code is cached (NUMBA_CACHE_DIR, set by settings before this is imported) and releases
the interpreter lock, so that lanes run on all cores.
"""

from __future__ import annotations

from numba import njit

compiled = njit(cache=True, nogil=True)

# A tuple of arrays passed on costs an atomic count an array and call. Measured when this came in, on
# 2 cores: 200 stops of the ic chain over 180 days took 3.4 s of CPU with the counts and 0.1 s without.
# Functions that allocate and slice nothing can do without; the option is numba's own for its runtime.
without_counting = njit(cache=True, nogil=True, _nrt=False)  # type: ignore[call-overload]
