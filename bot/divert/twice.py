"""The same wish of the same person once more, within seconds: asked back, not run twice."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.divert.request import Draft, Request
from bot.divert.selection import Key, Selection, Term, status_number
from bot.divert.sentence import Button, Sentence, ToPerson
from bot.divert.wording import Words

WINDOW: Final = timedelta(seconds=10)


def same_wish(draft: Draft) -> str:
    """One digest for all that one person means by the same words, however they are written.

    Where it is asked and why makes it no other wish. A file is known by its id alone: the same
    file given twice is two files to Slack.
    """
    meant = (
        draft.requester,
        draft.project,
        draft.route,
        sorted(set(draft.ids)),
        _terms(draft.selection),
        draft.file_id,
        draft.column,
    )
    return hashlib.sha256(json.dumps(meant).encode()).hexdigest()


def _terms(selection: Selection) -> list[tuple[bool, str, list[str]]]:
    return sorted((term.excluded, term.key, sorted(set(_values(term)))) for term in selection.terms)


def _values(term: Term) -> Iterable[str]:
    if term.key is Key.STATUS:  # `running` is written `2` as well
        return (str(status_number(value)) for value in term.values)
    return term.values


@dataclass(frozen=True, slots=True)
class Repeat:
    """A draft that was asked back instead of recorded, and the request that had it already.

    It is kept so that its second delivery makes no request either, whenever it comes, and so that
    its button asks for exactly this.
    """

    draft: Draft
    request_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a draft: the request that has it now.

    `first` is false for a second delivery of the same. With a `repeat`, it was asked back: the
    request has the same wish, or should have been replaced and was approved before, `by` whom.
    """

    request: Request
    first: bool
    repeat: Repeat | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person who asked is told at once."""

    sentences: tuple[Sentence, ...] = ()
    buttons: tuple[Button, ...] = ()


def answer(recorded: Recorded, words: Words) -> Answer:
    request, repeat = recorded.request, recorded.repeat
    if repeat is not None:
        button = Button("ask_anyway", words.ask_anyway(), repeat=repeat.draft.key)
        return Answer(_asked_back(recorded, repeat, words), (button,))
    if not recorded.first:
        return Answer((words.heard_before(request.id),))
    replaced = request.draft.replaces
    told = words.heard_instead(request.id, replaced) if replaced else words.heard(request.id)
    return Answer((told,))


def _asked_back(recorded: Recorded, repeat: Repeat, words: Words) -> tuple[Sentence, ...]:
    request = recorded.request
    if repeat.draft.replaces == request.id:
        became = words.decided_already(request.id, request.state, recorded.by)
        return became, words.too_late_to_replace()
    ago = (repeat.at - request.asked_at).total_seconds()
    return (words.asked_just_now(request.id, ago),)


def wanted_anyway(repeat: Repeat, by: ToPerson) -> Draft:
    """The draft that was asked back, wanted all the same; two presses make one request.

    What it came too late to replace it stands beside.
    """
    draft = repeat.draft
    return replace(
        draft,
        key=f"anyway:{draft.key}",
        replaces="" if draft.replaces == repeat.request_id else draft.replaces,
        channel=by.channel or draft.channel,
        reply_url=by.reply_url,
    )
