"""Where fuzzing begins: a few inputs of each kind as they really come, and the words in them."""

import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from tests.foundations.tree import section

A: Final = "631056bfb66b4f4ea02ba25f04830cb4"
B: Final = "9b28fbe50ded4060b8149a47e55dba82"

_VIEW: Final = {
    "id": "V0A",
    "type": "modal",
    "callback_id": "divert",
    "private_metadata": '{"channel": "C0OPS", "request_id": "D-7K3M", "ids": 3}',
    "state": {
        "values": {
            "route": {"value": {"selected_option": {"value": "routing"}}},
            "ids": {"value": {"value": A}},
            "file": {"value": {"files": [{"id": "F0A"}]}},
            "tags": {"tags": {"selected_options": [{"value": "env=staging"}]}},
            "terms": {"value": {"value": "name:mobile-* -status:frozen"}},
            "number": {"value": {"value": "1,000"}},
        }
    },
}
_WHO: Final = {
    "user": {"id": "U0ALICE", "team_id": "T0SANDBOX"},
    "team": {"id": "T0SANDBOX"},
    "trigger_id": "1.2.3",
}
_ACTION: Final = {"action_id": "approve", "action_ts": "1.2", "value": "D-7K3M:0a1b"}
_CLICK: Final = _WHO | {"type": "block_actions", "actions": [_ACTION], "channel": {"id": "C0OPS"}}
_SUBMISSION: Final = _WHO | {"type": "view_submission", "view": _VIEW}
_COMMAND: Final = {
    "command": "/cph", "text": f"divert routing {A}", "user_id": "U0ALICE", "channel_id": "C0OPS",
    "trigger_id": "1.2", "team_id": "T0SANDBOX", "response_url": "https://hooks.slack.com/x",
}  # fmt: skip

_JOBS: Final = {
    "request_id": "r",
    "jobs": [
        {"phone_id": A, "job_id": "j", "status": 2},
        {"phone_id": B, "error_code": "CPS.0004", "error_msg": "no"},
    ],
}


def _config() -> str:
    """The README's."""
    return section("Configuration").partition("```toml\n")[2].partition("```")[0]


def seeds() -> Mapping[str, list[bytes]]:
    """By the name of the target."""
    texts: dict[str, list[str]] = {
        "grammar": [
            f"divert routing {A} {B} reason:\"video ads, don't\"",
            "divert direct server:edge-07,'edge 08' -status:running,stopped name:mobile-*",
            "plan routing tag:env=staging,test tag:shelf project:demo",
            f"phones <http://x.example|{A}> `{B}` “{A}”",
            "divertt routin servr:edge-07",
            "drift D-7K3M",
            "status d-7k3m",
        ],
        "id_file": [
            f"phone_id;server\n{A};{B}\n{B};{A}\n",
            f'name,phone_id\n"a, ""b""",{A}\n"c\nd",{B}\n',
            f"device\thome\n{A}\t{B}\n",
            f"6.31E+31\n{A}\n",
        ],
        "cloud_answer": [
            json.dumps(_JOBS),
            json.dumps({"count": 2, "phones": [{"phone_id": A, "traffic_type": "direct"}]}),
            json.dumps({"error": {"code": 401, "message": "canonicalRequest: x"}}),
            '{"error_code": "APIG.0308", "error_msg": "throttled, limit:30,time:1 minute"}',
            '{"tags": [{"key": "env", "values": ["staging", null]}]}',
        ],
        "signed_request": [
            json.dumps(_CLICK),
            json.dumps(_SUBMISSION),
            urlencode({"payload": json.dumps(_CLICK)}),
            urlencode({"payload": json.dumps(_SUBMISSION)}),
            urlencode(_COMMAND),
            json.dumps({"type": "url_verification", "challenge": "x"}),
            json.dumps(_WHO | {"type": "block_suggestion", "action_id": "servers", "value": "e"}),
        ],
        "values": [
            "D-7K3M:0a1b", "D-7K3M#device", "/cph divert routing x", "anyway command:1.2",
            str(_VIEW["private_metadata"]), "<!channel> *b* \u202e=1+1\u200b;@x",
        ],
        "policy_file": [_config()],
    }  # fmt: skip
    return {name: [text.encode() for text in some] for name, some in texts.items()}


def words(inputs: list[bytes]) -> list[bytes]:
    """What a fuzzer may put together anew: the pieces between marks and gaps."""
    found: dict[bytes, None] = {}
    for one in inputs:
        for word in one.replace(b'"', b" ").replace(b":", b" ").replace(b",", b" ").split():
            found[word[:60]] = None
    return list(found)
