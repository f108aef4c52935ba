"""Failures told apart where several may come at once."""

from bot.divert.failures import LedgerAway, Trouble, is_ledger_away

AWAY = LedgerAway(Trouble.DISK)


def test_the_ledger_is_away_where_that_is_all_that_failed() -> None:
    assert is_ledger_away(AWAY)
    assert is_ledger_away(ExceptionGroup("tasks", [AWAY, ExceptionGroup("more", [AWAY])]))
    assert not is_ledger_away(ValueError())
    assert not is_ledger_away(ExceptionGroup("tasks", [AWAY, ValueError()]))
