"""
moto's Application Auto Scaling has no ListTagsForResource, and drops the tags of a scalable target.

AWS keeps them. Terraform reads them after every registration.
"""

import json
from typing import Any

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend, FakeScalableTarget
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.exceptions import JsonRESTError

from patching import add, wrap


def _target(backend: ApplicationAutoscalingBackend, arn: str) -> FakeScalableTarget:
    for dimensions in backend.targets.values():
        for target in dimensions.values():
            if target.arn == arn:
                return target
    raise JsonRESTError("ResourceNotFoundException", f"No scalable target has the ARN {arn}")


def _tags(target: FakeScalableTarget) -> dict[str, str]:
    return target.__dict__.setdefault("tags", {})


@wrap(ApplicationAutoScalingResponse, "register_scalable_target")
def register_scalable_target(original: Any, self: ApplicationAutoScalingResponse) -> str:
    answer = original(self)
    target = _target(self.applicationautoscaling_backend, json.loads(answer)["ScalableTargetARN"])
    _tags(target).update(self._get_param("Tags") or {})
    return answer


@add(ApplicationAutoScalingResponse, "list_tags_for_resource")
def list_tags_for_resource(self: ApplicationAutoScalingResponse) -> str:
    target = _target(self.applicationautoscaling_backend, self._get_param("ResourceARN"))
    return json.dumps({"Tags": _tags(target)})


@add(ApplicationAutoScalingResponse, "tag_resource")
def tag_resource(self: ApplicationAutoScalingResponse) -> str:
    target = _target(self.applicationautoscaling_backend, self._get_param("ResourceARN"))
    _tags(target).update(self._get_param("Tags"))
    return "{}"


@add(ApplicationAutoScalingResponse, "untag_resource")
def untag_resource(self: ApplicationAutoScalingResponse) -> str:
    target = _target(self.applicationautoscaling_backend, self._get_param("ResourceARN"))
    for key in self._get_param("TagKeys"):
        _tags(target).pop(key, None)
    return "{}"
