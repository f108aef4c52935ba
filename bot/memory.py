"""What the C library keeps of the memory that was given back to it."""

import ctypes
from typing import Final

POOLS: Final = 2
_M_ARENA_MAX: Final = -8  # glibc's malloc.h


def share_pools() -> bool:
    """Let all threads take memory from few pools; whether the C library could be told so.

    glibc makes up to eight pools a core, and what is freed in one is no use to the others. With
    some thirty threads a bot under load grew by 5 MB a minute that nothing in it used. Python runs
    one thread at a time, so hardly any waits for a pool. To be called before there are threads.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # musl, macOS, Windows
        return False
    return bool(mallopt(_M_ARENA_MAX, POOLS))
