"""How the cascade is compiled: kept between runs, in a folder of its own.

numba keeps compiled code below one folder for the whole program, which changes with the kernels of
the chain engine. This package has its own beside it, named by a digest of its own files, so that
an edit of the one never compiles the other anew.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numba import njit
from numba.core import config

if TYPE_CHECKING:
    from collections.abc import Callable


def cache_folder(folder: str) -> str:
    """Name the folder in which the compiled cascade is kept.

    Parameters
    ----------
    folder
        Where numba keeps all other compiled code; blank for beside the source.

    Returns
    -------
    str
        A folder beside it; blank where it is blank.
    """
    if not folder:
        return folder
    source = b"".join(file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py")))
    return str(Path(folder).parent / f"cascade-cache-{hashlib.sha256(source).hexdigest()[:12]}")


def compiled(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - numba's dispatcher is untyped
    """Compile a function at its first call; it releases the interpreter lock and counts no references."""
    # Functions of this package neither make arrays nor return any, so numba's runtime is not needed.
    made = njit(nogil=True, _nrt=False)(function)  # type: ignore[call-overload]
    settings: Any = config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = cache_folder(before)
    try:
        made.enable_caching()
    finally:
        settings.CACHE_DIR = before
    return made
