"""What holds of every call that changes routes, looked at as it reaches the cloud."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cph.client import CphCloud
from bot.divert.click import Verdict
from bot.divert.outcome import MAX_TRIES, PhoneState
from bot.divert.phones import Route
from sandbox.cloud.jobs import JobStatus
from tests.divert.state_machine.always import MAY_SEND, the_plan_is_what_was_hashed
from tests.divert.state_machine.gateway import Sent, Sky
from tests.divert.state_machine.people import Asked
from tests.divert.state_machine.truth import Truth


def asked_in(truth: Truth, request_id: str) -> Asked:
    draft = truth.requests[request_id].draft
    return Asked(draft["requester"], Route(draft["route"]), draft["channel"])


@dataclass(frozen=True, slots=True)
class Witness:
    """Sees a call with the ledger as it is at that moment."""

    truth: Truth
    sky: Sky

    def request_of(self, route: str, phone_ids: Sequence[str]) -> str:
        """The one request that these phones are marked as sent for, and that may send them."""
        found = {
            request_id
            for request_id, request in self.truth.requests.items()
            if request.state in MAY_SEND and request.draft["route"] == route
            if set(phone_ids) <= self._sent(request_id)
        }
        assert len(found) == 1, "sent without being marked"
        return found.pop()

    def _sent(self, request_id: str) -> set[str]:
        rows = self.truth.phones[request_id]
        return {row.phone_id for row in rows if row.state == PhoneState.SENT}

    def is_approved(self, request_id: str) -> None:
        """Enough people have agreed to exactly the plan that is sent."""
        the_plan_is_what_was_hashed(self.truth, request_id)
        agreed = set(self.truth.decided(request_id, Verdict.APPROVE))
        assert len(agreed) >= asked_in(self.truth, request_id).needed
        assert not self.truth.decided(request_id, Verdict.DENY)

    def repeats_only_what_may_be_lost(self, request_id: str, phone_ids: Sequence[str]) -> None:
        """A phone goes out again where its call is not known to have worked, or its job failed."""
        known = {one.cloud_request_id for one in self.truth.batches[request_id]}
        for phone_id in phone_ids:
            before = [
                call
                for call in self.sky.sent
                if call.request_id == request_id and phone_id in call.jobs.keys() | call.said.keys()
            ]
            assert len(before) < MAX_TRIES, "sent too often"
            for call in before:
                heard = call.cloud_request_id in known and phone_id in call.said
                assert not heard or self._passes(call, phone_id), "sent again for nothing"

    def _passes(self, call: Sent, phone_id: str) -> bool:
        job = call.jobs.get(phone_id)
        if job is None:
            return call.said[phone_id] in CphCloud.passing
        failed = job.status(self.sky.cloud.now()) is JobStatus.FAILED
        return failed and job.error_code in CphCloud.passing
