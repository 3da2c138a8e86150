"""Errors of the control API, and how a request is read."""

from typing import Any


class BadRequest(Exception):
    """The request is wrong: the message says what, and what would be right."""


def text(body: dict[str, Any], name: str) -> str:
    """A required string of a request."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise BadRequest(f"`{name}` is required, a string")
    return value


def count(body: dict[str, Any], name: str, default: int | None = None) -> int:
    """A whole number of a request, 0 or more."""
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadRequest(f"`{name}` is required, a whole number of 0 or more")
    return value
