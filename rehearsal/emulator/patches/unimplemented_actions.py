"""
moto answers an API call that it lacks with a bare 500, which clients take for a passing fault and repeat for minutes.

AWS has every API that its clients call. Here a missing one answers 501 at once, with the name of what is missing.
"""

from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse

from patching import wrap


@wrap(BaseResponse, "call_action")
def call_action(original: Any, self: BaseResponse) -> Any:
    try:
        return original(self)
    except NotImplementedError as error:
        missing = type("NotImplemented", (ServiceException,), {"code": "NotImplemented"})
        # moto finds the protocol of an error by the module that its class is from.
        missing.__module__ = type(self).__module__
        message = f"The emulator has no {self.boto3_service_name}:{self._get_action()}: {error}"
        _, headers, body = self.serialized(ActionResult(missing(message)))
        return 501, {**headers, "status": "501"}, body
