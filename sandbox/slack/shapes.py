"""The JSON shapes that pass through every part of the simulation."""

from typing import Any

Json = dict[str, Any]
"""One JSON object: an API answer, a block, a view, an interaction payload."""
