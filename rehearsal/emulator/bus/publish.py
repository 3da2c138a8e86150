"""Puts the emulator's own events (of ECR, ECS, a schedule …) onto the default bus, and remembers every event."""

import collections
import datetime
import json
import threading
import uuid
from typing import Any

from moto.events.models import Rule, events_backends

_HISTORY = 1000

_lock = threading.Lock()
_events: collections.OrderedDict[str, dict[str, Any]] = collections.OrderedDict()
_lost: collections.Counter[str] = collections.Counter()


def now() -> str:
    """The time of an event: EventBridge cuts it to seconds."""
    return f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%dT%H:%M:%SZ}"


def new_event(
    account: str, region: str, source: str, detail_type: str, resources: list[str], detail: dict[str, Any]
) -> dict[str, Any]:
    """An event of EventBridge, of this moment."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": source,
        "account": account,
        "time": now(),
        "region": region,
        "resources": resources,
        "detail": detail,
    }


def lose_next(detail_type: str, count: int) -> None:
    """Drops the next `count` events of this type, as whoever sends with best effort may."""
    with _lock:
        _lost[detail_type] = count


def publish(event: dict[str, Any]) -> None:
    """Sends an event to every rule of the default bus that it matches."""
    if _is_lost(event["detail-type"]):
        return
    record(event)
    for rule in list(events_backends[event["account"]][event["region"]].event_buses["default"].rules.values()):
        rule.send_to_targets(event)


def _is_lost(detail_type: str) -> bool:
    with _lock:
        if _lost[detail_type] <= 0:
            return False
        _lost[detail_type] -= 1
        return True


def fire(rule: Rule) -> dict[str, Any]:
    """Runs a schedule rule now; returns the event that its targets got. Raises ValueError for another kind of rule."""
    if not rule.scheduled_expression:
        raise ValueError(f"The rule {rule.name} has no schedule; events fire it")
    event = new_event(rule.account_id, rule.region_name, "aws.events", "Scheduled Event", [rule.arn], {})
    record(event)
    rule.send_to_targets(event)
    return event


def record(event: dict[str, Any]) -> None:
    """Remembers an event, once."""
    with _lock:
        _events.setdefault(event["id"], {"event": event, "deliveries": []})
        while len(_events) > _HISTORY:
            _events.popitem(last=False)


def record_delivery(event_id: str, rule: str, target: str, error: str | None) -> None:
    """Remembers that a rule sent an event to a target; `error` says why that failed."""
    with _lock:
        if event_id in _events:
            _events[event_id]["deliveries"].append({"rule": rule, "target": target, "error": error})


def history() -> list[dict[str, Any]]:
    """The last events, oldest first, each with its deliveries."""
    with _lock:
        return json.loads(json.dumps(list(_events.values())))
