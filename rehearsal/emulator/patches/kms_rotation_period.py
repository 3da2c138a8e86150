"""
moto forgets the rotation period of a KMS key.

AWS returns it, 365 days unless another was asked for, and when the key is rotated next.
"""

import json
import time
from typing import Any

from moto.kms.responses import KmsResponse

from patching import wrap

_DAY = 24 * 60 * 60


@wrap(KmsResponse, "enable_key_rotation")
def enable_key_rotation(original: Any, self: KmsResponse) -> str:
    answer = original(self)
    key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
    key.rotation_period_in_days = self._get_param("RotationPeriodInDays") or 365
    return answer


@wrap(KmsResponse, "get_key_rotation_status")
def get_key_rotation_status(original: Any, self: KmsResponse) -> str:
    status = json.loads(original(self))
    if status["KeyRotationEnabled"]:
        key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
        status["RotationPeriodInDays"] = key.rotation_period_in_days
        status["NextRotationDate"] = int(time.time()) + key.rotation_period_in_days * _DAY
    return json.dumps(status)
