"""
moto drops a function's dead-letter queue, logging settings, key and tracing, and ignores most updates of them.

AWS returns them. A function without logging settings logs as text into the group `/aws/lambda/<name>`.
"""

from typing import Any

from moto.awslambda.models import LambdaFunction

from patching import wrap

_FIELDS = ("DeadLetterConfig", "LoggingConfig", "KMSKeyArn", "TracingConfig", "EphemeralStorage")


@wrap(LambdaFunction, "__init__")
def init(original: Any, self: LambdaFunction, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any) -> None:
    original(self, account_id, spec, *args, **kwargs)
    self.more = {name: spec[name] for name in _FIELDS if spec.get(name)}


@wrap(LambdaFunction, "update_configuration")
def update_configuration(original: Any, self: LambdaFunction, updates: dict[str, Any]) -> dict[str, Any]:
    self.more.update({name: updates[name] for name in _FIELDS if updates.get(name) is not None})
    return original(self, updates)


def log_group_of(function: LambdaFunction) -> str:
    """The name of the log group that a function writes to."""
    return function.more.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{function.function_name}"


@wrap(LambdaFunction, "get_configuration")
def get_configuration(original: Any, self: LambdaFunction, on_create: bool = False) -> dict[str, Any]:
    configuration = original(self, on_create)
    logging = {"LogFormat": "Text", "LogGroup": log_group_of(self), **self.more.get("LoggingConfig", {})}
    return {**configuration, **self.more, "LoggingConfig": logging}
