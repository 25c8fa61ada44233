"""How kernels are compiled.

Compiled code is cached (NUMBA_CACHE_DIR, set by settings before this is imported) and releases
the interpreter lock, so that lanes run on all cores.
"""

from __future__ import annotations

from numba import njit

# What Python calls.
entered = njit(cache=True, nogil=True)

# What only compiled code calls: without the wrappers that take arrays apart for Python, which cost
# more to compile than the functions themselves.
compiled = njit(  # type: ignore[call-overload]  # options of numba that its types leave out
    cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
)

# A tuple of arrays passed on costs an atomic count an array and call. Measured when this came in, on
# 2 cores: 200 stops of the ic chain over 180 days took 3.4 s of CPU with the counts and 0.1 s without.
# Functions that allocate and slice nothing can do without; the option is numba's own for its runtime.
without_counting = njit(  # type: ignore[call-overload]
    cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False
)

# Small functions called everywhere: put into their callers, because a call hands over every array of a
# tuple, some hundred numbers, one by one. Whether the compiler does so unasked hangs on the size of the
# tuple: one more array once made the lines of a day two and a half times as slow.
inlined = njit(  # type: ignore[call-overload]
    cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False, forceinline=True
)
