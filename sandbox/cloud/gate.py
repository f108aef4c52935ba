"""Who calls, and may they: signatures, tokens, projects, roles, arrears."""

from datetime import UTC, datetime

from sandbox.cloud.accounts import AccessKey
from sandbox.cloud.call import Call
from sandbox.cloud.failures import Refused
from sandbox.cloud.signing import Claim, canonical_request, is_signed_by, signed_at

MOST_SKEW_SECONDS = 15 * 60
_WRONG = "Incorrect IAM authentication information: "


def _unauthorized(call: Call, text: str, number: str = "0301") -> Refused:
    return Refused(f"{call.switches.gateway_prefix}.{number}", 401, _WRONG + text)


def _signature_text(call: Call, signed: tuple[str, ...]) -> str:
    echo = canonical_request(call.wire, signed).replace("\n", "|")
    return f"verify aksk signature fail, canonicalRequest:{echo}"


def _skew_refusal(call: Call) -> Refused:
    text = f"signature expired, signature time: {call.wire.headers.get('x-sdk-date')}"
    return _unauthorized(call, text, call.switches.clock_skew_code)


def _forced(call: Call) -> Refused | None:
    """Return the 401 a switch demands, whatever the credentials are."""
    kind = call.switches.unauthorized
    if kind == "none":
        return None
    if kind == "clock_skew":
        return _skew_refusal(call)
    texts = {
        "signature": _signature_text(call, ("host", "x-sdk-date")),
        "token_invalid": "decrypt token fail",
        "token_expired": "token expires, expires_at: 2019-02-13T06:52:13.855000Z",
        "token_missing": "x-auth-token not found",
        "token_must_be_updated": "The token must be updated",
        "key_unknown": "Get secretKey failed",
        "key_locked": "AK access failed to reach the limit, forbidden",
    }
    return _unauthorized(call, texts[kind])


def identify(call: Call) -> None:
    """Find out who calls, and write it into the call; wrong credentials are the 401."""
    if refusal := _forced(call):
        raise refusal
    authorization = call.wire.headers.get("authorization")
    if authorization is not None:
        _by_signature(call, authorization)
    elif token := call.wire.headers.get("x-auth-token"):
        _by_token(call, token)
    else:
        raise _unauthorized(call, "x-auth-token not found")


def _by_token(call: Call, value: str) -> None:
    token = call.cloud.accounts.tokens.get(value)
    if token is None:
        raise _unauthorized(call, "decrypt token fail")
    if call.now >= token.expires:
        expired = datetime.fromtimestamp(token.expires, UTC)
        raise _unauthorized(call, f"token expires, expires_at: {expired:%Y-%m-%dT%H:%M:%S.%fZ}")
    call.user = token.user
    call.scope = token.project_id or "no project"


def _by_signature(call: Call, authorization: str) -> None:
    claim = Claim.read(authorization)
    if claim is None:
        raise _unauthorized(call, "Authorization header is not SDK-HMAC-SHA256")
    call.access = claim.access
    lockout = call.cloud.accounts.key_lockout
    if lockout.is_locked(claim.access, call.now):
        raise _unauthorized(call, "AK access failed to reach the limit, forbidden")
    refusal = _wrong_in(call, claim)
    if refusal is not None:
        allowed = call.switches.lockout_failures
        lockout.failed(claim.access, call.now, allowed, call.switches.lockout_seconds)
        raise refusal
    lockout.succeeded(claim.access)
    call.user = call.cloud.accounts.keys[claim.access].user


def _wrong_in(call: Call, claim: Claim) -> Refused | None:
    """Return what is wrong with a signed call, None when nothing is."""
    key = call.cloud.accounts.keys.get(claim.access)
    if key is None:
        return _unauthorized(call, "Get secretKey failed")
    at = signed_at(call.wire)
    if at is None or abs(call.now - at) > MOST_SKEW_SECONDS:
        return _skew_refusal(call)
    if not is_signed_by(key.secret, claim, call.wire):
        return _unauthorized(call, _signature_text(call, claim.signed))
    return _wrong_in_temporary(call, claim, key)


def _wrong_in_temporary(call: Call, claim: Claim, key: AccessKey) -> Refused | None:
    """Temporary keys need their security token, sent and signed, and end."""
    if key.expires is None:
        return None
    if call.wire.headers.get("x-security-token") != key.security_token:
        return _unauthorized(call, "decrypt token fail")
    if "x-security-token" not in claim.signed:
        return _unauthorized(call, "x-security-token is not signed")
    if call.now >= key.expires:
        expired = datetime.fromtimestamp(key.expires, UTC)
        return _unauthorized(call, f"token expires, expires_at: {expired:%Y-%m-%dT%H:%M:%S.%fZ}")
    return None


def permit(call: Call) -> None:
    """Refuse a caller the project, the role or the account's state does not let through."""
    if call.kind.is_identity:
        return
    call.cloud.cph_calls += 1
    limit = call.switches.arrears_after_calls
    if limit is not None and call.cloud.cph_calls > limit:
        raise Refused(call.switches.arrears_code)
    project_id = call.path["project_id"]
    if call.scope not in (None, project_id):
        raise Refused("CPS.0001")
    if project_id not in call.cloud.projects:
        raise Refused(call.switches.wrong_project_code)
    if call.kind.writes:
        _permit_write(call)


def _permit_write(call: Call) -> None:
    switch = call.switches.read_only
    if switch == "APIGW.0302":
        code = f"{call.switches.gateway_prefix}.0302"
        raise Refused(code, 403, "IAM user is not allowed to access this API")
    if switch == "CPS.0001" or (call.user is not None and not call.user.may_write):
        raise Refused("CPS.0001")
