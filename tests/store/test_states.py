"""Whatever happens to phones and batches, in any order, the counts add up."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.divert.outcome import LEFT_OUT, UNDER_WAY, Batch, Change, PhoneRow, PhoneState
from bot.divert.plan import BATCH_LIMIT
from bot.divert.transaction import Transaction
from bot.store.ledger import SqlLedger
from tests.store.making import phone_ids, sending

Deed = Callable[[Transaction, str], None]
_CODES = st.sampled_from(["", "CPS.0003", "CPS.0013"])
_ENDS = st.sampled_from([state for state in PhoneState if state not in UNDER_WAY])


def send_one(tx: Transaction, request_id: str) -> None:
    for batch in tx.due_batches(request_id, 1):
        tx.batch_sent(request_id, batch.number)


def cut(tx: Transaction, request_id: str) -> None:
    tx.add_batches(request_id, tx.now())


def cancel(tx: Transaction, request_id: str) -> None:
    planned = tx.counts(request_id)[PhoneState.PLANNED]
    assert tx.cancel_unsent(request_id) == planned


def lose(tx: Transaction, request_id: str) -> None:
    tx.orphans(request_id)


def put_back(number: int) -> Deed:
    return lambda tx, request_id: tx.batch_unsent(request_id, number, tx.now())


def answer(number: int, place: int, code: str, *, again: bool) -> Deed:
    """One batch is answered; one of its phones is refused, for good or for now."""

    def deed(tx: Transaction, request_id: str) -> None:
        rows = [row for row in tx.rows(request_id, 0, 1000) if row.batch == number]
        sent = [row.id for row in rows if row.state is PhoneState.SENT]
        changes = [Change(one, PhoneState.ACCEPTED, job_id=f"job-{one}") for one in sent]
        if sent:
            one, state = place % len(sent), PhoneState.PLANNED if again else PhoneState.REJECTED
            changes[one] = Change(sent[one], state, code=code, again=again)
        tx.batch_answered(request_id, number, f"call-{number}", tx.now())
        tx.change_phones(request_id, changes)

    return deed


def end(place: int, state: PhoneState, code: str) -> Deed:
    def deed(tx: Transaction, request_id: str) -> None:
        row = tx.rows(request_id, place, 1)[0]
        tx.change_phones(request_id, [Change(row.id, state, code=code)])

    return deed


_NUMBERS = st.integers(1, 4)
_DEEDS: st.SearchStrategy[Deed] = st.one_of(
    st.sampled_from([send_one, send_one, cut, cancel, lose]),
    st.builds(put_back, _NUMBERS),
    st.builds(answer, _NUMBERS, st.integers(0, 99), _CODES, again=st.booleans()),
    st.builds(end, st.integers(0, 100), _ENDS, _CODES),
)
_STARTS = st.sampled_from([PhoneState.PLANNED, *sorted(LEFT_OUT)])
_GIVEN = st.lists(_STARTS, min_size=101, max_size=130)


@settings(max_examples=25, deadline=None)
@given(_GIVEN, st.lists(_DEEDS, max_size=15))
async def test_each_phone_is_in_one_state_and_the_counts_add_up(
    lasting_ledger: SqlLedger, states: list[PhoneState], deeds: list[Deed]
) -> None:
    ids = phone_ids(len(states))
    given_rows = [
        PhoneRow(phone_id, number, state)
        for number, (phone_id, state) in enumerate(zip(ids, states, strict=True), 1)
    ]
    request = await sending(lasting_ledger, given_rows)
    for deed in deeds:
        await lasting_ledger.write(lambda tx, deed=deed: deed(tx, request.id))  # type: ignore[misc]
        rows, counts, due = await lasting_ledger.write(
            lambda tx: (
                tx.rows(request.id, 0, 1000),
                tx.counts(request.id),
                tx.due_batches(request.id, 100),
            )
        )
        assert [row.id for row in rows] == ids
        assert counts.distinct == len(ids)
        agree(rows, counts.by_state, due)


def agree(rows: Iterable[PhoneRow], counts: Mapping[PhoneState, int], due: list[Batch]) -> None:
    """The counts are those of the rows, and each phone to be sent is in at most one batch."""
    by_id = {row.id: row for row in rows}
    assert Counter(row.state for row in by_id.values()) == Counter(counts)
    taken = [phone_id for batch in due for phone_id in batch.phone_ids]
    assert len(taken) == len(set(taken))
    assert all(0 < len(batch.phone_ids) <= BATCH_LIMIT for batch in due)
    for batch in due:
        of_batch = [by_id[phone_id] for phone_id in batch.phone_ids]
        assert {row.state for row in of_batch} == {PhoneState.PLANNED}
        assert {row.tries for row in of_batch} == {batch.tries - 1}
