"""The form filled in from a request; what does not fit is kept, and said in the form."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.divert.request import OPEN, Request
from bot.divert.wording import Words
from bot.slack.fields import TEXT_LIMIT
from bot.slack.form import FormInput, FormPlace
from bot.slack.form_selection import spread


@dataclass(frozen=True, slots=True)
class Source:
    """The request that a form is filled from.

    `ids` are how many it has in all, and `instead` whether a new one takes its place.
    """

    request: Request
    ids: int
    instead: bool = False

    @property
    def keeps(self) -> bool:
        """Whether its ids can only be kept: they came from a file, or are too many for a field."""
        typed = self.request.draft.ids
        return self.ids > len(typed) or not _fit(typed)


def filled(source: Source) -> FormInput:
    """What the form shows of a request; a file cannot be given back."""
    draft = source.request.draft
    selection = spread(draft.selection)
    return FormInput(
        draft.route,
        "" if source.keeps else _lines(draft.ids),
        reason=draft.reason,
        project=draft.project,
        servers=selection.servers,
        tags=selection.tags,
        statuses=selection.statuses,
        terms=selection.terms,
        keep=source.keeps,
    )


def place_of(source: Source, place: FormPlace, words: Words) -> FormPlace:
    """What the form remembers of the request, and says of it above the fields."""
    return replace(
        place,
        request_id=source.request.id,
        project=source.request.project,
        notes=_notes(source, words),
        ids=source.ids if source.keeps else 0,
        instead=source.instead,
    )


def _notes(source: Source, words: Words) -> tuple[str, ...]:
    request, told = source.request, []
    if source.instead:
        is_open = request.state in OPEN
        told.append((words.form_replaces if is_open else words.form_asks_again)(request.id))
    if request.draft.file_id and source.ids <= len(request.draft.ids):
        told.append(words.form_file_again())
    if not spread(request.draft.selection).fits:
        told.append(words.form_terms_left_out())
    return tuple(told)


def _fit(ids: Sequence[str]) -> bool:
    return len(_lines(ids)) <= TEXT_LIMIT


def _lines(ids: Sequence[str]) -> str:
    return "".join(f"{phone}\n" for phone in ids)
