"""
moto keeps no record of who called what.

AWS has one in CloudTrail. Here it is by access key: the actions that IAM would be asked for where their names agree with the
operations', each with what it was called with, for the resources that IAM would look at.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlparse

from moto.core.authorization import ActionAuthenticatorMixin
from patching import wrap

_SCOPE = re.compile(r"Credential=(?P<key>[^/]+)/[^/]+/(?P<region>[^/]+)/(?P<service>[^/]+)/")
# Enough for any name, and not for a function's zip.
_LONGEST = 512

_calls: defaultdict[str, set[str]] = defaultdict(set)


def calls_of(key: str) -> list[dict[str, Any]]:
    """The calls signed with an access key, each different one once: `call` is `service:Operation`."""
    return [json.loads(call) for call in sorted(_calls[key])]


@wrap(ActionAuthenticatorMixin, "_authenticate_and_authorize_action")
def authorize(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
    scope = _SCOPE.search(self.headers.get("Authorization", ""))
    if scope:
        action = self.data.get("Action") if scope["service"] == "s3" else self._get_action()
        call = {
            "call": f"{scope['service']}:{action}",
            "region": scope["region"],
            "path": urlparse(self.uri).path,
            # What S3 is called on is in the path, and its bodies may be anything.
            "parameters": {} if scope["service"] == "s3" else dict(_parameters(self)),
        }
        _calls[scope["key"]].add(json.dumps(call, sort_keys=True))
    original(self, *args, **kwargs)


def _parameters(self: Any) -> Iterator[tuple[str, str]]:
    """What is short, by its path: `services.0`, `Filter.1.Name`."""
    if "json" in (self.headers.get("Content-Type") or ""):
        yield from _leaves("", json.loads(self.raw_body or "{}"))
        return
    for name, values in self.data.items():
        yield from _leaves(name, values[0])


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _leaves(f"{path}.{name}" if path else name, one)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _leaves(f"{path}.{index}", one)
    elif isinstance(value, str) and len(value) <= _LONGEST:
        yield path, value
