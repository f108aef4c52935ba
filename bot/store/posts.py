"""The outbox: posts kept with the change they tell of."""

import uuid
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Row, exists, insert, select, update

from bot.divert.ports import Run, Said, Start
from bot.divert.sentence import InThread, Post
from bot.store.held import Held
from bot.store.tables import posts, requests

_POST: Final = TypeAdapter(Post)


class PostRows(Held):
    """The posts' part of a transaction."""

    __slots__ = ()

    def say(self, post: Post) -> None:
        """Post it once this commits; a post with a name in `once` only if it is the first."""
        request_id = post.to.request_id if isinstance(post.to, InThread) else None
        if request_id and post.once and self._is_said(request_id, post.once):
            return
        post_id = str(uuid.uuid4())
        self.connection.execute(
            insert(posts).values(
                id=post_id,
                request_id=request_id,
                once=post.once or None,
                post=_POST.dump_python(post, mode="json"),
                said_at=self.moment,
            )
        )
        self.start(Start(Run.POST, post_id, self._place(post), f"post:{post_id}"))

    def _is_said(self, request_id: str, once: str) -> bool:
        query = select(exists().where(posts.c.request_id == request_id, posts.c.once == once))
        return bool(self.connection.execute(query).scalar())

    def _place(self, post: Post) -> str:
        """Where it is said, one post at a time: the card's channel, or one person."""
        if not isinstance(post.to, InThread):
            return post.to.user
        query = select(requests.c.card_channel).where(requests.c.id == post.to.request_id)
        return self.connection.execute(query).scalar() or post.to.request_id

    def said(self, post_id: str) -> Said | None:
        query = (
            select(posts, requests.c.card_channel, requests.c.card_ts)
            .join(requests, requests.c.id == posts.c.request_id, isouter=True)
            .where(posts.c.id == post_id)
        )
        row = self.connection.execute(query).one_or_none()
        return None if row is None else _said(row)

    def waits_for(self, post_id: str) -> bool:
        me, earlier = posts.alias("me"), posts.alias("earlier")
        query = select(
            exists().where(
                me.c.id == post_id,
                earlier.c.request_id == me.c.request_id,
                earlier.c.number < me.c.number,
                earlier.c.ts.is_(None),
            )
        )
        return bool(self.connection.execute(query).scalar())

    def posted(self, post_id: str, ts: str) -> None:
        self.connection.execute(update(posts).where(posts.c.id == post_id).values(ts=ts))


def _said(row: Row[Any]) -> Said:
    return Said(
        row.id,
        _POST.validate_python(row.post),
        row.card_channel or "",
        row.card_ts or "",
        row.ts is not None,
    )
