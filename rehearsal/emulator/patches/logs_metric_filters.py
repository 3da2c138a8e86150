"""
moto keeps metric filters and never applies them, and keeps both when one is put again under its name.

AWS makes a value of the filter's metric of every event of the log group that its pattern matches (the default value, for
events that match nothing, is left out here). A pattern that cannot be simulated is refused.
"""

import datetime
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.logs.metric_filters import MetricFilters
from moto.logs.models import LogStream, logs_backends

from metrics.pattern import matches, parse
from patching import wrap


@wrap(MetricFilters, "add_filter")
def add_filter(
    original: Any, self: MetricFilters, name: str, pattern: str, group: str, transformations: list[dict[str, Any]]
) -> None:
    parse(pattern)
    self.metric_filters = [
        one for one in self.metric_filters if (one["filterName"], one["logGroupName"]) != (name, group)
    ]
    original(self, name, pattern, group, transformations)


@wrap(LogStream, "put_log_events")
def put_log_events(original: Any, self: LogStream, log_events: list[dict[str, Any]]) -> str:
    token = original(self, log_events)
    metrics = cloudwatch_backends[self.account_id][self.region]
    for one in list(logs_backends[self.account_id][self.region].filters.metric_filters):
        if one["logGroupName"] != self.log_group.name:
            continue
        for event in log_events:
            if matches(one["filterPattern"], event["message"]):
                moment = datetime.datetime.fromtimestamp(event["timestamp"] / 1000, datetime.timezone.utc)
                for into in one["metricTransformations"]:
                    value = {
                        "MetricName": into["metricName"],
                        "Value": float(into["metricValue"]),
                        "Timestamp": moment.replace(tzinfo=None),
                    }
                    metrics.put_metric_data(into["metricNamespace"], [value])
    return token
