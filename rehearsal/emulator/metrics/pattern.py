"""Filter patterns of CloudWatch Logs, as far as this project's metric filters need them: one field of a line of JSON."""

import json
import re
from typing import Any

_ONE_FIELD = re.compile(r'\{\s*\$\.([\w.]+)\s*=\s*("[^"]*"|-?\d+(?:\.\d+)?)\s*\}')


def parse(pattern: str) -> tuple[list[str], Any]:
    """The path and the value of `{ $.path = value }`. Raises NotImplementedError for any other pattern."""
    found = _ONE_FIELD.fullmatch(pattern.strip())
    if found is None:
        raise NotImplementedError(f"the filter pattern {pattern}, only {{ $.field = value }}")
    return found[1].split("."), json.loads(found[2])


def matches(pattern: str, line: str) -> bool:
    """Whether a line is JSON that has the field with this value."""
    path, expected = parse(pattern)
    try:
        value = json.loads(line)
    except ValueError:
        return False
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return bool(value == expected)
