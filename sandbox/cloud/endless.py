"""Lists without an end: after the real rows come made-up ones, page after page."""

from collections.abc import Callable
from typing import Any

from sandbox.cloud.call import Call

Row = dict[str, Any]


def filled_up(call: Call, page: slice, rows: list[Row], made_up: Callable[[int], Row]) -> list[Row]:
    """Return a full page where the list never ends: `made_up` makes the row at a place."""
    if call.switches.list_endless == "none":
        return rows
    return rows + [made_up(place) for place in range(page.start + len(rows), page.stop)]


def counted(call: Call, page: slice, total: int) -> dict[str, int]:
    """Return the count as the answer has it: the total, one page more each time, or none."""
    endless = call.switches.list_endless
    if call.switches.count_absent or endless == "absent":
        return {}
    return {"count": total if endless == "none" else 2 * page.stop - page.start}
