"""Randomness that can be repeated: it depends on a seed and on what is asked, not on order."""

from hashlib import blake2b


def _digest(size: int, seed: int, parts: tuple[object, ...]) -> bytes:
    text = "\x1f".join(map(str, (seed, *parts)))
    return blake2b(text.encode(), digest_size=size).digest()


def chance(seed: int, *parts: object) -> float:
    """Return a number in [0, 1) that is always the same for the same seed and parts."""
    return int.from_bytes(_digest(7, seed, parts), "big") / 2**56


def happens(share: float, seed: int, *parts: object) -> bool:
    """Tell whether something that happens in this share of cases happens in this one."""
    return share > 0 and chance(seed, *parts) < share


def hex_id(seed: int, *parts: object) -> str:
    """Return 32 hex digits, the shape of most of the cloud's ids."""
    return _digest(16, seed, parts).hex()
