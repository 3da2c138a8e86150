"""Invokes a function: finds or makes a sandbox for it, keeps its log, and words the answer as Lambda does."""

import datetime
import json
import secrets
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.logs.models import LogsBackend, logs_backends

from functions.sandbox import Sandbox
from patches.lambda_configuration_fields import log_group_of

# The port of the emulator, known once it listens.
endpoint = {"url": ""}

_lock = threading.Lock()
_idle: dict[str, list[tuple[Any, str, Sandbox]]] = {}
_all: set[Sandbox] = set()


@dataclass
class Answer:
    """`payload` is JSON; `function_error` is None, or `Unhandled` as in the header X-Amz-Function-Error."""

    payload: str
    function_error: str | None
    log: list[str]


def invoke(function: LambdaFunction, event: Any) -> Answer:
    """Runs the function to its end or its timeout."""
    if not str(function.run_time).startswith("nodejs"):
        raise NotImplementedError(f"runs functions for nodejs only, not for {function.run_time}")
    log: list[str] = []
    identity, stream, sandbox = _take(function, log)
    request = str(uuid.uuid4())
    log.append(f"START RequestId: {request} Version: $LATEST")
    started = time.monotonic()
    answer = sandbox.invoke(event, _context(function, request, stream), function.timeout)
    milliseconds = (time.monotonic() - started) * 1000
    if answer is None:
        message = f"Task timed out after {function.timeout:.2f} seconds"
        log.append(f"{_now():%Y-%m-%dT%H:%M:%S.%fZ} {request} {message}")
        answer = {
            "error": {
                "errorType": "Sandbox.Timedout",
                "errorMessage": f"RequestId: {request} Error: {message}",
            }
        }
    elif "error" in answer:
        log.append(f"ERROR Invoke Error {json.dumps(answer['error'])}")
    log.append(f"END RequestId: {request}")
    log.append(f"REPORT RequestId: {request} Duration: {milliseconds:.2f} ms Memory Size: {function.memory_size} MB")
    _write_log(function, stream, log)
    _give_back(function, identity, stream, sandbox)
    failed = "error" in answer
    return Answer(json.dumps(answer["error"] if failed else answer["payload"]), "Unhandled" if failed else None, log)


def _context(function: LambdaFunction, request: str, stream: str) -> dict[str, str]:
    return {
        "functionName": function.function_name,
        "functionVersion": "$LATEST",
        "invokedFunctionArn": function.function_arn,
        "memoryLimitInMB": str(function.memory_size),
        "awsRequestId": request,
        "logGroupName": log_group_of(function),
        "logStreamName": stream,
    }


def _identity(function: LambdaFunction) -> Any:
    """What a sandbox was made from: a change of code or settings ends it."""
    return function.code_sha_256, function.handler, dict(function.environment_vars), function.memory_size


def _take(function: LambdaFunction, log: list[str]) -> tuple[Any, str, Sandbox]:
    identity = _identity(function)
    with _lock:
        idle = _idle.setdefault(function.function_arn, [])
        while idle:
            made_from, stream, sandbox = idle.pop()
            if made_from == identity:
                sandbox.print_line = log.append
                return identity, stream, sandbox
            _all.discard(sandbox)
            sandbox.close()
    stream = f"{_now():%Y/%m/%d}/[$LATEST]{secrets.token_hex(16)}"
    sandbox = Sandbox(function.code_bytes, _environment(function, stream), log.append)
    with _lock:
        _all.add(sandbox)
    return identity, stream, sandbox


def _give_back(function: LambdaFunction, identity: Any, stream: str, sandbox: Sandbox) -> None:
    with _lock:
        if sandbox.alive:
            _idle[function.function_arn].append((identity, stream, sandbox))
        else:
            _all.discard(sandbox)


def _environment(function: LambdaFunction, stream: str) -> dict[str, str]:
    own = {name: str(value) for name, value in function.environment_vars.items()}
    return {
        **own,
        "_HANDLER": function.handler,
        "AWS_ACCESS_KEY_ID": "emulator",
        "AWS_SECRET_ACCESS_KEY": "emulator",
        "AWS_SESSION_TOKEN": "emulator",
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_ENDPOINT_URL": endpoint["url"],
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_LAMBDA_LOG_GROUP_NAME": log_group_of(function),
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
    }


def _write_log(function: LambdaFunction, stream: str, lines: list[str]) -> None:
    logs: LogsBackend = logs_backends[function.account_id][function.region]
    group = log_group_of(function)
    if group not in logs.groups:
        logs.create_log_group(group, {})
    if stream not in logs.groups[group].streams:
        logs.create_log_stream(group, stream)
    now = int(time.time() * 1000)
    logs.put_log_events(group, stream, [{"timestamp": now, "message": line} for line in lines])


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def close_all() -> None:
    """Ends every process of a function."""
    with _lock:
        for sandbox in list(_all):
            sandbox.close()
        _all.clear()
        _idle.clear()
