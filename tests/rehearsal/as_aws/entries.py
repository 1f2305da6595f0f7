"""What EventBridge accepts: no entry that lacks a source or a type, or whose detail is no JSON object.

A call has 1 to 10 entries, of 256 KB together, or it is refused as a whole. Otherwise the answer says which entries
were not accepted; the task `events:putEvents` fails then, with `EventBridge.FailedEntry`. The task adds the ARNs of the
execution and of its machine to each entry, and its `Detail` may be an object.
"""

import json

from as_aws import tasks
from ministack.core.responses import error_response_json, json_response
from ministack.services import eventbridge, stepfunctions

MAX_ENTRIES = 10
MAX_BYTES = 256 * 1024
BYTES_OF_TIME = 14

put_events = eventbridge._put_events
put_from_task = stepfunctions._invoke_events_put_events


def put(data, allow_aws_source=False):
    entries = data.get("Entries", [])
    if reason := refusal(entries):
        return error_response_json("ValidationException", reason, 400)
    faults = [fault(entry) for entry in entries]
    taken = [entry for entry, wrong in zip(entries, faults) if not wrong]
    status, headers, body = put_events({**data, "Entries": taken}, allow_aws_source)
    if status != 200:
        return status, headers, body
    answer = json.loads(body)
    results = iter(answer["Entries"])
    answer["Entries"] = [wrong or next(results) for wrong in faults]
    answer["FailedEntryCount"] += len(entries) - len(taken)
    return json_response(answer)


def refusal(entries):
    """Why a call is refused as a whole; none where it is not."""
    if not 1 <= len(entries) <= MAX_ENTRIES:
        return f"Value at 'entries' failed to satisfy constraint: Member must have length between 1 and {MAX_ENTRIES}"
    if sum(map(size, entries)) > MAX_BYTES:
        return "Total size of the entries in the request is over the limit."
    return None


def size(entry):
    """The size of an entry as EventBridge counts it, in bytes."""
    texts = [entry.get(name) or "" for name in ("Source", "DetailType", "Detail")]
    texts += entry.get("Resources") or []
    return sum(len(text.encode()) for text in texts) + (BYTES_OF_TIME if entry.get("Time") else 0)


def fault(entry):
    """Why an entry is not accepted, as its result."""
    for name in ("Source", "DetailType", "Detail"):
        if not entry.get(name):
            message = f"Parameter {name} is not valid. Reason: {name} is a required argument."
            return {"ErrorCode": "InvalidArgument", "ErrorMessage": message}
    try:
        is_object = isinstance(json.loads(entry["Detail"]), dict)
    except ValueError:
        is_object = False
    return None if is_object else {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}


def put_by_task(resource, arguments):
    context = tasks.visit.get().context
    sender = [context["Execution"]["Id"], context["StateMachine"]["Id"]]
    entries = []
    for entry in arguments.get("Entries", []):
        detail = entry.get("Detail")
        detail = detail if isinstance(detail, str) else json.dumps(detail)
        entries.append({**entry, "Detail": detail, "Resources": [*entry.get("Resources", []), *sender]})
    answer = put_from_task(resource, {**arguments, "Entries": entries})
    if answer["FailedEntryCount"]:
        raise stepfunctions._ExecutionError("EventBridge.FailedEntry", json.dumps(answer))
    return answer


def install():
    eventbridge._put_events = put
    stepfunctions._SERVICE_DISPATCH["arn:aws:states:::events:putEvents"] = put_by_task
