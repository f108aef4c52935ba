"""Threads take their memory from few pools, so that what one gives back is of use to the others."""

import platform
import subprocess
import sys

from bot.memory import POOLS, share_pools

THREADS = 8
# Each thread takes memory while all others live; then glibc lists its pools on stderr.
TAKE = f"""
import ctypes, threading
from bot.memory import share_pools
{{}}
library, all_took, told = ctypes.CDLL(None), *(threading.Barrier({THREADS + 1}) for _ in range(2))
def take():
    library.malloc(100)
    all_took.wait()
    told.wait()
for _ in range({THREADS}):
    threading.Thread(target=take).start()
all_took.wait()
library.malloc_stats()
told.wait()
"""


def pools_after(first: str) -> int:
    told = subprocess.run(
        [sys.executable, "-c", TAKE.format(first)], capture_output=True, text=True, check=True
    )
    return told.stderr.count("\nArena ") + told.stderr.startswith("Arena ")


def test_the_c_library_is_told_where_it_can_be() -> None:
    on_glibc = platform.libc_ver()[0] == "glibc"
    assert share_pools() is on_glibc
    if on_glibc:
        assert pools_after("share_pools()") <= POOLS < pools_after("")
