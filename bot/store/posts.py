"""The outbox: posts kept with the change they tell of."""

import hashlib
import uuid
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Row, and_, or_, select, update

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
        post_id = str(uuid.uuid4())
        is_first = self.insert_new(
            posts,
            id=post_id,
            request_id=post.to.request_id if isinstance(post.to, InThread) else None,
            once=_once(post) if post.once else None,
            post=_POST.dump_python(post, mode="json"),
            said_at=self.moment,
        )
        if is_first:
            self.start(Start(Run.POST, post_id, self._place(post), f"post:{post_id}"))

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

    def next_said(self, post_id: str) -> Said | None:
        me, thread = posts.alias("me"), posts.alias("thread")
        same = or_(
            thread.c.id == me.c.id,
            and_(thread.c.request_id == me.c.request_id, thread.c.number < me.c.number),
        )
        query = (
            select(thread.c.id)
            .join(me, same)
            .where(me.c.id == post_id, thread.c.ts.is_(None))
            .order_by(thread.c.number)
            .limit(1)
        )
        found = self.connection.execute(query).scalar()
        return None if found is None else self.said(found)

    def posted(self, post_id: str, ts: str) -> None:
        self.connection.execute(update(posts).where(posts.c.id == post_id).values(ts=ts))


def _once(post: Post) -> str:
    """What must not be said twice. To a person it is the words, as no request is named there."""
    if isinstance(post.to, InThread):
        return f"{post.to.request_id} {post.once}"
    return hashlib.sha256(_POST.dump_json(post)).hexdigest()


def _said(row: Row[Any]) -> Said:
    return Said(
        row.id,
        _POST.validate_python(row.post),
        row.card_channel or "",
        row.card_ts or "",
        row.ts is not None,
    )
