"""Finished work is of use only as the key that makes a second start of the same thing none."""

from datetime import datetime, timedelta
from typing import Final

from dbos import DBOS

# Slack delivers an event again for up to an hour, and every press of a button is one of its own.
# The rest is for work that was cut off, which starts its successor again when it is taken over.
KEPT: Final = timedelta(days=1)
PORTION: Final = 500  # pieces of work in one transaction
_FINISHED: Final = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


async def forget_finished(before: datetime, limit: int = PORTION) -> int:
    """Delete work that ended before a moment, at most `limit` pieces; 0 where none is left.

    DBOS does both in threads, so the loop turns meanwhile.
    """
    ended = await DBOS.list_workflows_async(
        status=_FINISHED,
        # What ended so early began earlier: that leaves the youngest rows unread.
        end_time=before.isoformat(),
        completed_before=before.isoformat(),
        limit=limit,
        load_input=False,
        load_output=False,
    )
    if ended:
        await DBOS.delete_workflows_async([work.workflow_id for work in ended])
    return len(ended)
