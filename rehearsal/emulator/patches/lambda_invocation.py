"""
moto runs a function in Docker, or, without it, answers with a fixed text and runs nothing.

AWS runs it. Here its code runs in a process of Node, with the function's own environment and timeout; what it prints
goes to its log stream. The permissions of its role are not looked at. An asynchronous invocation is tried once.
"""

import base64
import json
import threading
from typing import Any

from moto.awslambda.models import LambdaFunction

import functions.invoke
from patching import wrap


@wrap(LambdaFunction, "invoke")
def invoke(_original: Any, self: LambdaFunction, body: Any, request_headers: Any, response_headers: Any) -> Any:
    event = json.loads(body) if body else {}
    kind = request_headers.get("X-Amz-Invocation-Type", "RequestResponse")
    if kind == "DryRun":
        return ""
    if kind == "Event":
        threading.Thread(target=functions.invoke.invoke, args=(self, event), daemon=True).start()
        return ""
    answer = functions.invoke.invoke(self, event)
    response_headers["X-Amz-Executed-Version"] = "$LATEST"
    response_headers["x-amz-log-result"] = base64.b64encode("\n".join(answer.log).encode()[-4096:]).decode()
    if answer.function_error:
        response_headers["X-Amz-Function-Error"] = answer.function_error
    return answer.payload
