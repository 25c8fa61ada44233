"""How kernels are compiled.

Compiled code is cached (NUMBA_CACHE_DIR, set by settings before this is imported) and releases
the interpreter lock, so that lanes run on all cores.
"""

from __future__ import annotations

from numba import njit

compiled = njit(cache=True, nogil=True)

# A tuple of arrays passed on costs one atomic count an array and call: 97 % of the time of a
# day's solution. Functions that allocate and slice nothing do without the counts. The option is
# numba's own for its runtime; benchmarks show what it saves (tests/bench).
without_counting = njit(cache=True, nogil=True, _nrt=False)  # type: ignore[call-overload]
