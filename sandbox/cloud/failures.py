"""What the cloud says when it says no: codes, statuses and the bodies they come in."""

from http import HTTPStatus
from typing import Any

# The message of each code that concerns routes, as the error table of 2021-09-15 has it.
MESSAGES = {
    "CPS.0001": "No permission to request resources.",
    "CPS.0002": "Parameter: offset or limit is invalid.",
    "CPS.0003": "Service internal error.",
    "CPS.0004": "Invalid phone id.",
    "CPS.0005": "Phone is not found.",
    "CPS.0006": "No permission to request resources. Role is op_restricted.",
    "CPS.0007": "No permission to request resources. Role is op_suspended.",
    "CPS.0008": "No permission to request resources. Role is op_unverified.",
    "CPS.0009": "Parameter: phone_id list is empty.",
    "CPS.0010": "Parameter: status is invalid.",
    "CPS.0011": "Job not found.",
    "CPS.0016": "server_id is invalid.",
    "CPS.0042": "System busy.",
    "CPS.0046": "Parameter: project_id is invalid.",
    "CPS.0047": "Parameter: action is invalid.",
    "CPS.0048": "Parameter: job_id is empty.",
    "CPS.0049": "Parameter: request_id is empty.",
    "CPS.0050": "Jobs related to this requestId is not found.",
    "CPS.0053": "No permission to request resources. Phone is freezed.",
    "CPS.0054": "Handle job timeout.",
    "CPS.0061": "Inquiry order info failed.",
    "CPS.0062": "Create order failed.",
    "CPS.0077": "Parameter: phones list is invalid.",
    "CPS.0080": "Parameter: phone_ids is invalid.",
    "CPS.0081": "Parameter: phone_ids and phones are both empty.",
    "CPS.0094": "Parameter: server_ids is invalid.",
    "CPS.0095": "Parameter: server_ids is empty.",
    "CPS.0097": "Parameter: server_id is invalid.",
    "CPS.0099": "Parameter: server is not ready.",
    "CPS.0116": "Parameter: type is invalid.",
    "CPS.0121": "Parameter: Encode server id is invalid.",
    "CPS.0122": "Parameter: Encode server id list is invalid.",
    "CPS.0123": "Encode server not found.",
    "CPS.0124": "Encode server is creating.",
    "CPS.0141": "Phone is not in running status.",
    "CPS.0161": "Parameter: the number of request IDs has exceeded the limit.",
    "CPS.0165": "The phone must be in stopped or running status.",
    "CPS.0190": "The number of phones exceeds the limit.",
    "CPS.0195": "Encode server is frozen, no permission to request resources.",
    "CPS.0196": "Quota is insufficient.",
    "CPS.0240": "Parameter: network_version is invalid.",
}
# Other pages word two of them differently.
OTHER_MESSAGES = {
    "CPS.0004": "Parameter: phone_id is invalid.",
    "CPS.0005": "Phone not found.",
}
# Today's table is sorted by status; the one of 2021 has 400 throughout.
STATUSES = {
    "CPS.0001": 403,
    "CPS.0003": 500,
    "CPS.0005": 404,
    "CPS.0006": 403,
    "CPS.0007": 403,
    "CPS.0008": 403,
    "CPS.0011": 404,
}


def message_of(code: str, wording: str = "table") -> str:
    """Return the text of a CPS code; codes newer than the table get a plain one."""
    if wording == "pages" and code in OTHER_MESSAGES:
        return OTHER_MESSAGES[code]
    return MESSAGES.get(code, f"Request failed: {code}.")


class Refused(Exception):
    """The whole call is refused. `status` None means the status usual for the code."""

    def __init__(
        self,
        code: str,
        status: int | None = None,
        message: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.message = message
        self.headers = headers or {}

    def body(self, request_id: str) -> dict[str, Any]:
        message = self.message if self.message is not None else message_of(self.code)
        return {"request_id": request_id, "error_code": self.code, "error_msg": message}


class IdentityRefused(Refused):
    """The identity service refuses: the same as above in Keystone's nested shape."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(str(status.value), status.value, message)
        self.title = status.phrase

    def body(self, request_id: str) -> dict[str, Any]:  # noqa: ARG002 - Keystone's has no id
        return {
            "error": {"code": self.status, "message": self.message, "title": self.title},
        }


def usual_status(code: str, table: str) -> int:
    """Return the HTTP status of a CPS code in the `current` or the `old` table."""
    return 400 if table == "old" else STATUSES.get(code, 400)
