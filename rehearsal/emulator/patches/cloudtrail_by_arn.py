"""
moto starts, stops and deletes a trail by its name only.

AWS takes the trail's ARN as well, and that is what Terraform sends.
"""

from typing import Any

from moto.cloudtrail.models import CloudTrailBackend

from patching import wrap


def _by_name(original: Any, self: CloudTrailBackend, name: str) -> None:
    original(self, self.get_trail(name).trail_name)


for _method in ("start_logging", "stop_logging", "delete_trail"):
    wrap(CloudTrailBackend, _method)(_by_name)
