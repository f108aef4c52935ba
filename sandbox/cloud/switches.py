"""Every way the cloud can differ from a quiet day, each a switch with a name.

The defaults are the quiet day, in the reading the cloud's pages make most likely where they
are silent. All may be set at run time for the whole cloud; an `Override` sets some of them for
the next few calls, or for a share of the calls, of some kinds.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sandbox.cloud.kinds import Kind

Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0)]
NoError = Literal["absent", "null", "empty"]


class Limit(BaseModel):
    """So many calls per second or minute, of one user and one kind of call."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    calls: Annotated[int, Field(ge=1)]
    per: Literal["second", "minute"] = "second"

    @property
    def seconds(self) -> float:
        return 1.0 if self.per == "second" else 60.0


# Figures seen at other services of the same cloud; none is published for phones.
TEN_A_SECOND = Limit(calls=10, per="second")
TEN_A_MINUTE = Limit(calls=10, per="minute")


class JobSwitches(BaseModel):
    """How jobs run and end."""

    job_seconds: Seconds = 1.0
    job_seconds_max: Seconds | None = None  # with it, each job takes a chance time in between
    serial_per_server: bool = False  # one job after the other on a server, servers in parallel
    job_failure_share: Share = 0.0
    job_failure_code: str = "CPS.0003"
    job_failure_detail: str | None = None  # execute_msg of a failed job
    job_hang_share: Share = 0.0  # jobs that stay at 1
    job_hang_seconds: Seconds | None = None  # then -1 CPS.0054; None: for ever
    job_retention_seconds: Seconds | None = 86_400.0  # after the end; then not found
    list_jobs_late_seconds: Seconds = 0.0  # a row shows up within this time, each at its own
    code_without_dot: bool = False  # job rows say CPS0005
    no_error: Literal["natural", "absent", "null", "empty"] = "natural"
    end_time_while_running: NoError = "null"


class ImportSwitches(BaseModel):
    """How ImportTraffic answers."""

    over_100: Literal["CPS.0190", "CPS.0080", "truncate"] = "CPS.0190"
    empty_list_code: str = "CPS.0009"
    unknown_route_code: str = "CPS.0116"
    refuse_extra_fields: bool = True
    duplicates: Literal["dedupe", "two_jobs", "refuse"] = "dedupe"
    malformed_id: Literal["entry", "call"] = "entry"
    unknown_id: Literal["entry", "call"] = "entry"  # "call": 404 when it is the only id
    already_there: Literal["instant", "job"] = "instant"
    overlap: Literal["both", "busy"] = "both"  # a second call while the phone's job runs
    not_running: Literal["refuse", "fail_job", "accept"] = "refuse"
    container_missing: Literal["refuse", "fail_job", "accept"] = "refuse"
    shuffle: bool = False  # order of `jobs`
    missing_share: Share = 0.0  # accepted, but not in the answer
    refuse_share: Share = 0.0
    refuse_code: str = "CPS.0004"
    success_status: Literal[200, 201] = 200


class ReadBackSwitches(BaseModel):
    """What the lists and details of phones and servers say."""

    readback_lag_seconds: Seconds = 0.0  # between a job's end and the route shown
    lie_share: Share = 0.0  # job succeeds, the route never changes
    restart_resets_route: bool = False  # a restart or reset puts a phone back on `direct`
    phones_default_limit: Literal[100, 200] = 100
    phones_max_limit: Literal[100, 200] = 200
    list_shift: int = 0  # phones added (or, below 0, removed) in front after each page
    list_endless: Literal["none", "growing", "absent"] = "none"  # the count of made-up rows
    count_absent: bool = False
    tags_unpaged: bool = False  # ListProjectTags as its pages of 2024 have it
    container_creating_as: Literal[0, 4, 5] = 0  # the field's number; a page gives all three
    unknown_fields: bool = False  # fields no page describes


class GatewaySwitches(BaseModel):
    """What happens to a call on its way, whatever it is about."""

    latency_ms: Annotated[float, Field(ge=0)] = 0.0
    latency_ms_max: Annotated[float, Field(ge=0)] | None = None
    answer_delay_seconds: Seconds = 0.0  # after the work is done, before the answer
    outage: Literal[
        "none",
        "html_502",
        "html_503",
        "html_504",
        "gateway_502",
        "gateway_timeout",
        "reset",
        "truncated",
    ] = "none"
    outage_after_accepting: bool = False  # the work is done, only the answer is lost
    refuse_call_code: str | None = None
    refuse_call_status: Annotated[int, Field(ge=400, le=599)] | None = None
    status_table: Literal["current", "old"] = "current"  # old: 400 for every CPS code
    wording: Literal["table", "pages"] = "table"
    gateway_prefix: Literal["APIGW", "APIG"] = "APIGW"
    write_limit: Limit | None = None
    read_limit: Limit | None = None
    count_refused: bool = False  # calls answered 429 use up the limit too: hammering never ends
    throttle: bool = False  # 429 whatever the rate
    throttle_text: Literal["error_msg", "error_message"] = "error_msg"
    retry_after_seconds: Annotated[int, Field(ge=0)] | None = None


class AccessSwitches(BaseModel):
    """Who is let in."""

    unauthorized: Literal[
        "none",
        "signature",
        "token_invalid",
        "token_expired",
        "token_missing",
        "token_must_be_updated",
        "key_unknown",
        "key_locked",
        "clock_skew",
    ] = "none"
    clock_skew_code: Literal["0301", "0303"] = "0301"
    clock_offset_seconds: float = 0.0  # the cloud's clock against ours
    lockout_failures: Annotated[int, Field(ge=1)] = 5  # in a row
    lockout_seconds: Seconds = 300.0
    token_seconds: Seconds = 86_400.0
    read_only: Literal["none", "CPS.0001", "APIGW.0302"] = "none"  # writes refused to all
    wrong_project_code: Literal["CPS.0001", "CPS.0046"] = "CPS.0001"
    arrears_after_calls: Annotated[int, Field(ge=0)] | None = None
    arrears_code: Literal["CPS.0006", "CPS.0007", "CPS.0008"] = "CPS.0006"


class Override(BaseModel):
    """Switches for some calls only: those of `kinds`, after `skip` of them, `calls` times.

    No kinds means all, no calls means without end; of those it is for, a `share` is hit.
    """

    model_config = ConfigDict(extra="forbid")

    switches: dict[str, Any]
    kinds: list[Kind] = []
    skip: Annotated[int, Field(ge=0)] = 0
    calls: Annotated[int, Field(ge=1)] | None = None
    share: Share = 1.0

    @model_validator(mode="after")
    def _names_switches(self) -> "Override":
        if "overrides" in self.switches:
            raise ValueError("an override cannot hold overrides")
        checked = Switches.model_validate(self.switches)
        self.switches = {name: getattr(checked, name) for name in checked.model_fields_set}
        return self

    def concerns(self, kind: Kind) -> bool:
        return not self.kinds or kind in self.kinds


class Switches(JobSwitches, ImportSwitches, ReadBackSwitches, GatewaySwitches, AccessSwitches):
    model_config = ConfigDict(extra="forbid")

    overrides: list[Override] = []

    def changed(self, changes: dict[str, Any]) -> "Switches":
        """Return a copy with the changes, checked; names not known are a ValidationError."""
        return Switches.model_validate(self.model_dump() | changes)
