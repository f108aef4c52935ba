"""A number of things as people write it: with its digits grouped or not, in any script."""

import re
import unicodedata
from typing import Final

from bot.divert.typed import MARKS

_MARK: Final = "[ ,.'’_٬]"  # between groups; wide and narrow ones become these
_NUMBER: Final = re.compile(
    r"\d+"
    rf"|\d{{1,3}}(?P<thousands>{_MARK})\d{{3}}(?:(?P=thousands)\d{{3}})*"
    rf"|\d{{1,4}}(?P<myriads>{_MARK})\d{{4}}(?:(?P=myriads)\d{{4}})*"
    rf"|\d{{1,2}}(?P<lakhs>{_MARK})(?:\d{{2}}(?P=lakhs))+\d{{3}}"
)


def read_number(text: str) -> int | None:
    """Read `1000`, `1,000`, `1.000`, `1 000`, `1'000` or `１０００`; None where it is no number."""
    plain = unicodedata.normalize("NFKC", text).strip(f"*{MARKS} \t\r\n")
    if any(one.isdigit() and not one.isdecimal() for one in text):  # such as `10²`
        return None
    if not _NUMBER.fullmatch(plain):
        return None
    return int("".join(one for one in plain if one.isdecimal()))
