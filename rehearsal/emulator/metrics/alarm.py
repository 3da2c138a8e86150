"""Whether an alarm on one metric is in the state ALARM at this moment."""

import datetime
import operator

from moto.cloudwatch.models import Alarm, MetricDatum, cloudwatch_backends

# How many seconds of CloudWatch pass in one second here, so that nobody waits for minutes.
SPEED = 12

_OPERATORS = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def find(account: str, region: str, name: str) -> Alarm | None:
    return cloudwatch_backends[account][region].alarms.get(name)


def seconds_to_judge(alarm: Alarm) -> float:
    """How long the periods last, here, that an alarm is judged by."""
    return int(alarm.evaluation_periods) * int(alarm.period or 60) / SPEED


def is_alarming(account: str, region: str, alarm: Alarm) -> bool:
    """
    Judges the last periods, which end now, as CloudWatch judges those that end with the minute, and notes the state. A
    period without data is not breaching, whatever the alarm says; of an expression nothing is known: it is never alarming.
    """
    if alarm.metric_data_queries or alarm.statistic != "Sum":
        return False
    periods = int(alarm.evaluation_periods)
    length = seconds_to_judge(alarm) / periods
    ages = _ages(account, region, alarm)
    compare = _OPERATORS[alarm.comparison_operator]
    breaching = 0
    for period in range(periods):
        values = [value for age, value in ages if period * length <= age < (period + 1) * length]
        breaching += bool(values) and bool(compare(sum(values), float(alarm.threshold)))
    alarming = breaching >= int(alarm.datapoints_to_alarm or periods)
    state = "ALARM" if alarming else "OK"
    if alarm.state_value != state:
        alarm.update_state(f"{breaching} of {periods} datapoints were breaching", "{}", state)
    return alarming


def _ages(account: str, region: str, alarm: Alarm) -> list[tuple[float, float]]:
    """How many seconds old each value of the alarm's metric is, and the value."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    return [
        ((now - datum.timestamp).total_seconds(), datum.value)
        for datum in cloudwatch_backends[account][region].metric_data
        if isinstance(datum, MetricDatum) and (datum.namespace, datum.name) == (alarm.namespace, alarm.metric_name)
    ]
