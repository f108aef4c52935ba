"""Every sentence a person reads. Messages are English; other languages are catalogues."""

from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable

from bot.divert.wording.asking import Asking
from bot.divert.wording.deciding import Deciding
from bot.divert.wording.form import InForm
from bot.divert.wording.speech import LOCALE, catalogue, language_of
from bot.divert.wording.thread import InThreadWords


@dataclass(frozen=True, slots=True)
class Words(Asking, Deciding, InForm, InThreadWords):
    """All sentences in one language."""


@cache
def words_in(locale: str, folder: Traversable = LOCALE) -> Words:
    """The sentences of a locale such as `en`, `de_AT` or Slack's `zh-CN`."""
    language = language_of(locale)
    return Words(language, catalogue(language, folder))
