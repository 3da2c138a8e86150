"""
moto keeps no record of who called what.

AWS has one in CloudTrail. Here it is by access key, as the actions that IAM would be asked for where their names agree with
the operations': enough to hold a role's policies against what Terraform does.
"""

import re
from collections import defaultdict
from typing import Any

from moto.core.authorization import ActionAuthenticatorMixin
from patching import wrap

_SCOPE = re.compile(r"Credential=(?P<key>[^/]+)/[^/]+/[^/]+/(?P<service>[^/]+)/")

_calls: defaultdict[str, set[str]] = defaultdict(set)


def calls_of(key: str) -> list[str]:
    """The calls signed with an access key, as `service:Operation`."""
    return sorted(_calls[key])


@wrap(ActionAuthenticatorMixin, "_authenticate_and_authorize_action")
def authorize(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
    scope = _SCOPE.search(self.headers.get("Authorization", ""))
    if scope:
        action = self.data.get("Action") if scope["service"] == "s3" else self._get_action()
        _calls[scope["key"]].add(f"{scope['service']}:{action}")
    original(self, *args, **kwargs)
