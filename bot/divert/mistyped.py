"""A word that cannot be read, and the one that was most likely meant."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

ALIKE: Final = 0.6  # of the letters, for a word to be taken for a mistyped one


class Mistyped(Exception):
    """What cannot be read in a command: `kind` chooses the sentence, `word` is shown in it.

    `better` belongs in the `place` (start, end) of the text; it is empty where nothing is near.
    """

    def __init__(
        self, kind: str, word: str = "", place: tuple[int, int] = (0, 0), better: str = ""
    ) -> None:
        super().__init__(f"{kind} {word}".strip())
        self.kind = kind
        self.word = word
        self.place = place
        self.better = better

    def mended(self, text: str) -> str:
        """The text with the better word in it and all else as typed; empty where there is none."""
        start, end = self.place
        return text[:start] + self.better + text[end:] if self.better else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was most likely meant; empty where none is near."""
    by_fold = {name.casefold(): str(name) for name in known}
    close = get_close_matches(word.casefold(), by_fold, n=1, cutoff=ALIKE)
    return by_fold[close[0]] if close else ""
