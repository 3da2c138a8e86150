"""Whether a resource's policy lets an AWS service in: enough of IAM for EventBridge's targets."""

import fnmatch
import json
from typing import Any


def allows(policy: str | dict[str, Any] | None, service: str, action: str, resource: str, source: str) -> bool:
    """
    Tells whether `policy` has a statement that lets `service` (`events.amazonaws.com`) do `action` on `resource` on
    behalf of `source` (the ARN of a rule), and none that forbids it.
    """
    document = json.loads(policy) if isinstance(policy, str) else policy or {}
    statements = _list(document.get("Statement"))
    effects = {
        statement.get("Effect")
        for statement in statements
        if _names(statement.get("Principal"), service)
        and _matches(statement.get("Action"), action)
        and _matches(statement.get("Resource", "*"), resource)
        and all(_meets(*condition, source) for condition in statement.get("Condition", {}).items())
    }
    return effects == {"Allow"}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _names(principal: Any, service: str) -> bool:
    if not isinstance(principal, dict):
        return principal == "*"
    return "*" in _list(principal.get("AWS")) or service in _list(principal.get("Service"))


def _matches(patterns: Any, value: str) -> bool:
    return any(fnmatch.fnmatchcase(value.lower(), str(pattern).lower()) for pattern in _list(patterns))


def _meets(operator: str, keys: dict[str, Any], source: str) -> bool:
    known = {"aws:sourcearn": source, "aws:sourceaccount": source.split(":")[4]}
    if operator not in ("ArnEquals", "ArnLike", "StringEquals", "StringLike"):
        return False
    return all(key.lower() in known and _matches(expected, known[key.lower()]) for key, expected in keys.items())
