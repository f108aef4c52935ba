"""ShowJob and ListJobs."""

from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sandbox.cloud.call import Call
from sandbox.cloud.chance import chance
from sandbox.cloud.failures import Refused, message_of
from sandbox.cloud.jobs import Job, JobStatus

MOST_REQUESTS = 20
MOST_ROWS = 100
_NOTHING: dict[str, Any] = {"null": None, "empty": ""}


def moment(at: float) -> str:
    """Return a time as the cloud writes it: UTC, whole seconds."""
    return f"{datetime.fromtimestamp(int(at), UTC):%Y-%m-%dT%H:%M:%SZ}"


def show_job(call: Call) -> dict[str, Any]:
    retention = call.switches.job_retention_seconds
    job = call.project.jobs.find(call.path["job_id"], call.now, retention)
    if job is None:
        raise Refused("CPS.0011")
    return {"request_id": call.request_id, **_row(call, job, natural="null")}


def list_jobs(call: Call) -> dict[str, Any]:
    """Answer a page of rows; there is no total, and a row does not say its request."""
    page = call.page(default=MOST_ROWS, most=MOST_ROWS)
    retention = call.switches.job_retention_seconds
    book = call.project.jobs
    known = list(book.of_requests(_request_ids(call), call.now, retention))
    if not known:
        raise Refused("CPS.0050")
    listed = (job for job in known if _is_listed(call, job))
    rows = [
        {**_row(call, job, natural="empty"), "node_id": job.server_id}
        for job in islice(listed, page.start, page.stop)
    ]
    return {"request_id": call.request_id, "jobs": rows}


def _request_ids(call: Call) -> list[str]:
    if many := call.query.get("request_ids"):
        request_ids = many.split(",")
        if len(request_ids) > MOST_REQUESTS:
            raise Refused("CPS.0161")
        return request_ids
    if one := call.query.get("request_id"):
        return [one]
    raise Refused("CPS.0049")


def _is_listed(call: Call, job: Job) -> bool:
    late = call.switches.list_jobs_late_seconds
    return not late or call.now >= job.accepted + late * chance(call.cloud.seed, job.job_id)


def _row(call: Call, job: Job, natural: str) -> dict[str, Any]:
    status = job.status(call.now)
    row: dict[str, Any] = {
        "job_id": job.job_id,
        "phone_id": job.phone_id,
        "server_id": job.server_id,
        "begin_time": moment(job.begins),
        "status": int(status),
    }
    if status is not JobStatus.RUNNING and job.ends is not None:
        row["end_time"] = moment(job.ends)
    elif call.switches.end_time_while_running != "absent":
        row["end_time"] = _NOTHING[call.switches.end_time_while_running]
    return row | _error(call, job, status, natural)


def _error(call: Call, job: Job, status: JobStatus, natural: str) -> dict[str, Any]:
    if status is JobStatus.FAILED and job.error_code is not None:
        code = job.error_code
        text = message_of(code, call.switches.wording)
        code = code.replace(".", "") if call.switches.code_without_dot else code
        return {"error_code": code, "error_msg": text, "execute_msg": job.detail}
    style = natural if call.switches.no_error == "natural" else call.switches.no_error
    if style == "absent":
        return {}
    return dict.fromkeys(("error_code", "error_msg", "execute_msg"), _NOTHING[style])
