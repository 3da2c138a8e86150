"""Delivers an event to one target of a rule."""

import json
import threading
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.kms.models import kms_backends
from moto.sns.models import sns_backends
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import Queue, sqs_backends

from bus.permission import allows
from functions.invoke import invoke

_SERVICE = "events.amazonaws.com"
KINDS = ("sqs", "lambda", "sns")


class Undeliverable(Exception):
    """Why a target does not take an event: EventBridge's error code, and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def deliver(rule: str, target: dict[str, Any], body: str) -> None:
    """
    Sends `body`, JSON, to a target; `rule` is the ARN of its rule.
    Raises Undeliverable when the target is missing, or its policy or its key does not let EventBridge in.
    """
    _, _, service, region, account, name = target["Arn"].split(":", 5)
    if service == "sqs":
        group = target.get("SqsParameters", {}).get("MessageGroupId")
        _send(_queue(account, region, name), rule, body, group)
    elif service == "lambda":
        _invoke(account, region, target["Arn"], rule, body)
    else:
        topic = sns_backends[account][region].topics.get(target["Arn"])
        if topic is None:
            raise Undeliverable("RESOURCE_NOT_FOUND", f"There is no topic {target['Arn']}")
        if not allows(topic.policy, _SERVICE, "sns:Publish", topic.arn, rule):
            raise Undeliverable("NO_PERMISSIONS", f"The policy of {topic.arn} does not let {rule} publish")
        topic.publish(body)


def bury(rule: str, target: dict[str, Any], body: str, error: Undeliverable) -> bool:
    """Sends an event that could not be delivered to the target's dead-letter queue; false when it has none."""
    arn = target.get("DeadLetterConfig", {}).get("Arn")
    if not arn:
        return False
    _, _, _, region, account, name = arn.split(":", 5)
    attributes = {
        "RULE_ARN": rule,
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": error.code,
        "ERROR_MESSAGE": str(error),
    }
    try:
        _send(_queue(account, region, name), rule, body, None, attributes)
    except Undeliverable:
        return False
    return True


def _queue(account: str, region: str, name: str) -> Queue:
    try:
        return sqs_backends[account][region].get_queue(name)
    except QueueDoesNotExist:
        raise Undeliverable("RESOURCE_NOT_FOUND", f"There is no queue {name}") from None


def _send(queue: Queue, rule: str, body: str, group: str | None, attributes: dict[str, str] | None = None) -> None:
    if not allows(queue.policy, _SERVICE, "sqs:SendMessage", queue.queue_arn, rule):
        raise Undeliverable("NO_PERMISSIONS", f"The policy of {queue.name} does not let {rule} send messages")
    _check_key(queue, rule)
    if queue.fifo_queue and not (group and queue.attributes.get("ContentBasedDeduplication") == "true"):
        raise Undeliverable("INVALID_PARAMETER", f"{queue.name} needs a message group and content-based deduplication")
    sqs_backends[queue.account_id][queue.region].send_message(
        queue.name,
        body,
        group_id=group,
        message_attributes={
            name: {"DataType": "String", "StringValue": value} for name, value in (attributes or {}).items()
        },
    )


def _check_key(queue: Queue, rule: str) -> None:
    key = queue.attributes.get("KmsMasterKeyId")
    if not key or key == "alias/aws/sqs":
        return
    keys = kms_backends[queue.account_id][queue.region]
    id = keys.any_id_to_key_id(key)
    policy = keys.get_key_policy(id)
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        if not allows(policy, _SERVICE, action, keys.keys[id].arn, rule):
            raise Undeliverable("NO_PERMISSIONS", f"The key of {queue.name} does not let {rule} call {action}")


def _invoke(account: str, region: str, arn: str, rule: str, body: str) -> None:
    functions = lambda_backends[account][region]
    function = functions.get_function_by_arn(arn)
    if function is None:
        raise Undeliverable("RESOURCE_NOT_FOUND", f"There is no function {arn}")
    policy = json.loads(function.policy.wire_format())["Policy"] if function.policy.statements else None
    if not allows(policy, _SERVICE, "lambda:InvokeFunction", function.function_arn, rule):
        raise Undeliverable("NO_PERMISSIONS", f"The policy of {arn} does not let {rule} invoke it")
    threading.Thread(target=invoke, args=(function, json.loads(body)), daemon=True).start()
