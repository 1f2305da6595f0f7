"""Alarms with metric math, which MiniStack refuses in a template and forgets in a call.

Such an alarm keeps its `Metrics` as they were written, and DescribeAlarms shows them in every protocol. It has no
metric of its own, so it is never evaluated: its state changes only when somebody sets it.
"""

import json
from xml.sax.saxutils import escape

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

alarm_record = provisioners._cw_metric_alarm_record
put_alarm = cloudwatch._put_metric_alarm
describe_alarms = cloudwatch._describe_alarms

# What an alarm with metric math lacks.
OF_ONE_METRIC = ("Namespace", "MetricName", "Dimensions", "Period", "Statistic", "ExtendedStatistic", "Unit")


def record_of_template(name, properties):
    metrics = properties.get("Metrics")
    if not metrics:
        return alarm_record(name, properties)
    # MiniStack insists on a metric, which is taken away again.
    properties = {name: value for name, value in properties.items() if name != "Metrics"}
    return with_metrics(alarm_record(name, {**properties, "Namespace": "-", "MetricName": "-"}), metrics)


def put(params, cbor_data, is_cbor, is_json=False):
    answer = put_alarm(params, cbor_data, is_cbor, is_json)
    written = cbor_data if is_cbor or is_json else fields(params)
    if answer[0] == 200 and written.get("Metrics"):
        name = written["AlarmName"]
        cloudwatch._alarms[name] = with_metrics(cloudwatch._alarms[name], written["Metrics"])
    return answer


def with_metrics(alarm, metrics):
    alarm = {name: value for name, value in alarm.items() if name not in OF_ONE_METRIC}
    return {**alarm, "Metrics": [shown(metric) for metric in metrics]}


def shown(metric):
    """As AWS shows it: with numbers and truth values where a template may have texts, and with ReturnData."""
    metric = {**metric, "ReturnData": str(metric.get("ReturnData", True)).lower() == "true"}
    if stat := metric.get("MetricStat"):
        metric["MetricStat"] = {**stat, "Period": int(stat["Period"])}
    return metric


def describe(params, cbor_data, is_cbor, is_json=False):
    """In the query protocol MiniStack leaves out most of an alarm, so that answer is made of the one in JSON."""
    if is_cbor or is_json:
        return describe_alarms(params, cbor_data, is_cbor, is_json)
    status, _, body = describe_alarms({}, fields(params), False, is_json=True)
    if status != 200:
        return describe_alarms(params, cbor_data, False)
    result = f"<DescribeAlarmsResult>{xml(json.loads(body))}</DescribeAlarmsResult>"
    return cloudwatch._xml(200, "DescribeAlarmsResponse", result)


def fields(params):
    """What a call in the query protocol says: `A.member.1.B` is B of the first item of the list A."""
    tree = {}
    for name in params:
        *path, last = name.split(".")
        place = tree
        for step in path:
            place = place.setdefault(step, {})
        place[last] = cloudwatch._p(params, name)
    return lists(tree)


def lists(tree):
    if not isinstance(tree, dict):
        return tree
    if "member" in tree:
        return [lists(tree["member"][number]) for number in sorted(tree["member"], key=int)]
    return {name: lists(value) for name, value in tree.items()}


def xml(value, name=""):
    if isinstance(value, dict):
        present = ((name, field) for name, field in value.items() if field is not None)
        return "".join(f"<{name}>{xml(field, name)}</{name}>" for name, field in present)
    if isinstance(value, list):
        return "".join(f"<member>{xml(item)}</member>" for item in value)
    if isinstance(value, bool):
        return str(value).lower()
    return cloudwatch._ts_iso(value) if name.endswith("Timestamp") else escape(str(value))


def install():
    provisioners._cw_metric_alarm_record = record_of_template
    cloudwatch._put_metric_alarm = put
    cloudwatch._describe_alarms = describe
