"""The outbox: posts kept with the change they tell of."""

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, and_, or_, select, update

from bot.divert.sentence import InThread, Post, ToChannel, ToPerson
from bot.divert.transaction import Run, Said, Start
from bot.store.held import Held
from bot.store.tables import posts, requests

_POST: Final = TypeAdapter(Post)
_RECENT: Final = 1_000  # posts of all places, among which those to one person come in order


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
            once=_once(post) if post.once or post.answers else None,
            post=_POST.dump_python(post, mode="json"),
            said_at=self.moment,
        )
        if is_first:
            self.start(Start(Run.POST, post_id, self._place(post), f"post:{post_id}"))

    def _place(self, post: Post) -> str:
        """Where it is said, one post at a time: the card's channel, or one person."""
        if isinstance(post.to, ToPerson):
            return post.to.user
        if isinstance(post.to, ToChannel):
            return post.to.id
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
        me = self.connection.execute(select(posts).where(posts.c.id == post_id)).one_or_none()
        if me is None:
            return None
        first = select(posts.c.id).where(_in_turn(me), posts.c.ts.is_(None))
        found = self.connection.execute(first.order_by(posts.c.number).limit(1)).scalar()
        return None if found is None else self.said(found)

    def posted(self, post_id: str, ts: str) -> None:
        self.connection.execute(update(posts).where(posts.c.id == post_id).values(ts=ts))

    def card_gone(self, said: Said) -> None:
        """One that was put up anew since then stays where it is."""
        thread = select(posts.c.request_id).where(posts.c.id == said.id).scalar_subquery()
        self.connection.execute(
            update(requests)
            .where(requests.c.id == thread, requests.c.card_ts == said.card_ts)
            .values(card_ts="", version=requests.c.version + 1)
        )


def _in_turn(me: Row[Any]) -> ColumnElement[bool]:
    """What is said in one order, up to this.

    That is a thread, what a channel is told under no card, and what a person is told directly. An
    answer to what a person does waits for nothing.
    """
    post = _POST.validate_python(me.post)
    itself: ColumnElement[bool] = posts.c.id == me.id
    if isinstance(post.to, InThread):
        return or_(itself, and_(posts.c.request_id == me.request_id, posts.c.number < me.number))
    if isinstance(post.to, ToPerson) and (post.to.channel or post.to.reply_url):
        return itself
    to: Mapping[str, str] = me.post["to"]
    like = (posts.c.post["to"][key].as_string() == to[key] for key in to)
    return and_(posts.c.number.between(me.number - _RECENT, me.number), *like)


def _once(post: Post) -> str:
    """What must not be said twice. To a person it is the words, as no request is named there."""
    if post.answers:
        return f"answer {post.answers}"
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
