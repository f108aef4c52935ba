"""Every sentence a person reads. Messages are English; other languages are catalogues."""

from dataclasses import dataclass
from functools import cache

from bot.divert.wording.asking import Asking
from bot.divert.wording.deciding import Deciding
from bot.divert.wording.form import InForm
from bot.divert.wording.speech import catalogue
from bot.divert.wording.thread import InThreadWords


@dataclass(frozen=True, slots=True)
class Words(Asking, Deciding, InForm, InThreadWords):
    """All sentences in one language."""


@cache
def words_in(language: str) -> Words:
    """The sentences of a language such as `en`, `de` or `zh_CN`."""
    return Words(language, catalogue(language))
