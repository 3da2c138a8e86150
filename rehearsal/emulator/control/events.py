"""Events and publishes: `events`, `schedules/fire`, `events/lose-next`, `publishes`."""

import uuid
from typing import Any

from moto.events.models import events_backends
from moto.sns.models import sns_backends

from bus.publish import fire, history, lose_next, now, publish
from control.errors import BadRequest, count, text
from control.find import backend


def _history(_query: dict[str, Any]) -> dict[str, Any]:
    return {"events": history()}


def _publish(body: dict[str, Any]) -> dict[str, Any]:
    event = {"version": "0", "id": str(uuid.uuid4()), "time": now(), "resources": [], "detail": {}, **body}
    for name in ("source", "detail-type", "account", "region"):
        text(event, name)
    publish(event)
    return event


def _fire(body: dict[str, Any]) -> dict[str, Any]:
    arn = text(body, "rule")
    name = arn.rsplit("/", 1)[-1]
    rule = backend(events_backends, arn).event_buses["default"].rules.get(name)
    if rule is None:
        raise BadRequest(f"There is no rule {arn}")
    try:
        return fire(rule)
    except ValueError as error:
        raise BadRequest(str(error)) from None


def _lose(body: dict[str, Any]) -> dict[str, Any]:
    lose_next(text(body, "detail-type"), count(body, "count", 1))
    return {}


def _publishes(query: dict[str, Any]) -> dict[str, Any]:
    arn = text(query, "topic")
    topic = backend(sns_backends, arn).topics.get(arn)
    if topic is None:
        raise BadRequest(f"There is no topic {arn}")
    return {
        "publishes": [
            {"id": id, "subject": subject, "message": message}
            for id, message, subject, _attributes, _group in topic.sent_notifications
        ]
    }


ROUTES = {
    ("GET", "events"): _history,
    ("POST", "events"): _publish,
    ("POST", "schedules/fire"): _fire,
    ("POST", "events/lose-next"): _lose,
    ("GET", "publishes"): _publishes,
}
