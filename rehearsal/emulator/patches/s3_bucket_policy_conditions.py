"""
moto applies a Deny statement of a bucket policy whatever its Condition says, so a TLS-only policy refuses everything.

AWS applies a Deny only to requests that meet all of its conditions. The emulator treats every request as sent over
TLS 1.3, reads `s3:x-amz-…` keys from the request's headers, and leaves a Deny out whose operator it does not know.
"""

from typing import Any

from flask import request
from moto.iam.access_control import IAMPolicyStatement, PermissionResult

from patching import wrap

_EVERY_REQUEST = {"aws:securetransport": "true", "s3:tlsversion": "1.3"}


def _value(key: str) -> str | None:
    known = _EVERY_REQUEST.get(key.lower())
    if known is not None:
        return known
    return request.headers.get(key.removeprefix("s3:")) if key.startswith("s3:x-amz-") else None


def _meets(operator: str, key: str, expected: list[str]) -> bool:
    value = _value(key)
    name = operator.removesuffix("IfExists")
    if name == "Null":
        return expected == [str(value is None).lower()]
    negative = name.startswith("StringNot")
    if value is None:
        return negative or operator.endswith("IfExists")
    if name in ("Bool", "StringEquals"):
        return value in expected
    if name == "StringNotEquals":
        return value not in expected
    if name == "NumericLessThan":
        return any(float(value) < float(bound) for bound in expected)
    return False


def _applies(conditions: dict[str, dict[str, Any]]) -> bool:
    return all(
        _meets(operator, key, [str(one) for one in (expected if isinstance(expected, list) else [expected])])
        for operator, keys in conditions.items()
        for key, expected in keys.items()
    )


@wrap(IAMPolicyStatement, "is_action_permitted")
def is_action_permitted(original: Any, self: IAMPolicyStatement, *args: Any, **kwargs: Any) -> PermissionResult:
    statement = self._statement
    if statement["Effect"] == "Deny" and not _applies(statement.get("Condition", {})):
        return PermissionResult.NEUTRAL
    return original(self, *args, **kwargs)
