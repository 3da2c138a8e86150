"""
moto sends every event to a rule that has a schedule, also to disabled rules, adds a field to the events, cannot invoke
a function, asks no target for permission, and lets anyone send events in the name of AWS.

AWS refuses a source that begins with `aws.`, and sends an event to the enabled rules whose pattern it matches. A target
whose policy or key does not let EventBridge in gets nothing; the event goes to the target's dead-letter queue (here at
once, without the retries of a day).
"""

import copy
import json
from typing import Any

from moto.core.utils import iso_8601_datetime_without_milliseconds, utcfromtimestamp
from moto.events.models import EventsBackend, Rule
from moto.events.utils import EventTemplateParser

from bus.publish import new_event, record, record_delivery
from bus.targets import KINDS, Undeliverable, bury, deliver
from patching import wrap


@wrap(EventsBackend, "put_events")
def put_events(original: Any, self: EventsBackend, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    own = [event for event in events if not str(event.get("Source")).startswith("aws.")]
    entries = iter(original(self, own))
    answer = []
    for event in events:
        if event not in own:
            answer.append(
                {
                    "ErrorCode": "NotAuthorizedForSourceException",
                    "ErrorMessage": "Not authorized for the source.",
                }
            )
            continue
        entry = next(entries)
        answer.append(entry)
        if "EventId" in entry:
            # Already known when a rule has looked at it.
            made = new_event(
                self.account_id,
                self.region_name,
                event["Source"],
                event["DetailType"],
                event.get("Resources", []),
                json.loads(event["Detail"]),
            )
            record({**made, "id": entry["EventId"]})
    return answer


def _clean(event: dict[str, Any]) -> dict[str, Any]:
    clean = {name: value for name, value in event.items() if name != "ingestion-time"}
    if not isinstance(clean["time"], str):
        clean["time"] = iso_8601_datetime_without_milliseconds(utcfromtimestamp(float(clean["time"])))
    return clean


def _matches(rule: Rule, event: dict[str, Any]) -> bool:
    if rule.state == "DISABLED":
        return False
    if event["source"] == "aws.events" and event["resources"] == [rule.arn]:
        return True
    return bool(rule.event_pattern.get_pattern()) and rule.event_pattern.matches_event(event)


def _input(target: dict[str, Any], event: dict[str, Any]) -> str:
    if target.get("Input"):
        return target["Input"]
    transformer = target.get("InputTransformer")
    if transformer:
        made = EventTemplateParser.parse(
            input_template=transformer.get("InputTemplate"),
            input_paths_map=transformer.get("InputPathsMap", {}),
            event=event,
        )
        return json.dumps(made)
    return json.dumps(event)


@wrap(Rule, "send_to_targets")
def send_to_targets(original: Any, self: Rule, original_event: Any, transform_input: bool = True) -> None:
    event = _clean(original_event)
    record(event)
    if not _matches(self, event):
        return
    for target in list(self.targets):
        if target["Arn"].split(":")[2] not in KINDS:
            alone = copy.copy(self)
            alone.targets = [target]
            original(alone, original_event, transform_input)
            continue
        body = _input(target, event)
        try:
            deliver(self.arn, target, body)
        except Undeliverable as error:
            bury(self.arn, target, body, error)
            record_delivery(event["id"], self.arn, target["Arn"], f"{error.code}: {error}")
        else:
            record_delivery(event["id"], self.arn, target["Arn"], None)
