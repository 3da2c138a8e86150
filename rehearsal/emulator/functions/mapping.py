"""Polls a queue for a function: what Lambda's event source mapping does."""

import json
import threading
import traceback
from typing import Any

from moto.awslambda.models import EventSourceMapping, LambdaBackend, lambda_backends
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import Message, Queue, SQSBackend, sqs_backends

from functions.invoke import invoke

# How long an empty queue, or one whose messages are all in flight, is left alone (seconds).
_PAUSE = 0.2

_ended = threading.Event()


def start(mapping: EventSourceMapping) -> None:
    """Polls until the mapping is deleted or the emulator ends: one batch at a time, so a FIFO group keeps its order."""
    threading.Thread(target=_poll, args=(mapping,), daemon=True, name=f"mapping {mapping.uuid}").start()


def stop_all() -> None:
    _ended.set()


def _poll(mapping: EventSourceMapping) -> None:
    functions: LambdaBackend = lambda_backends[mapping.account_id][mapping.region]
    queues: SQSBackend = sqs_backends[mapping.account_id][mapping.region]
    name = mapping.event_source_arn.split(":")[-1]
    while not _ended.is_set() and functions.get_event_source_mapping(mapping.uuid) is mapping:
        try:
            queue = queues.get_queue(name)
            messages = []
            if mapping.enabled:
                messages = queues.receive_message(name, mapping.batch_size, 0, queue.visibility_timeout)
            if messages:
                _deliver(functions, queues, mapping, queue, messages)
            else:
                with queue._messages_lock:
                    queue._messages_lock.wait(_PAUSE)
        except QueueDoesNotExist:
            _ended.wait(_PAUSE)


def _deliver(
    functions: LambdaBackend,
    queues: SQSBackend,
    mapping: EventSourceMapping,
    queue: Queue,
    messages: list[Message],
) -> None:
    """Deletes what was processed; everything else shows up again after the queue's visibility timeout."""
    records = [_record(mapping, message) for message in messages]
    try:
        answer = invoke(functions.get_function(mapping.function_arn), {"Records": records})
    except Exception:  # a function that is gone or cannot start fails its batch, and ends no polling
        traceback.print_exc()
        return
    ids = [message.id for message in messages]
    failed = set(ids) if answer.function_error else _failures(mapping, answer.payload, ids)
    for message in messages:
        if message.id not in failed:
            queues.delete_message(queue.name, message.receipt_handle)


def _failures(mapping: EventSourceMapping, payload: str, ids: list[str]) -> set[str]:
    """An answer that makes no sense fails the whole batch; an empty one fails nothing."""
    if "ReportBatchItemFailures" not in (mapping.function_response_types or []):
        return set()
    answer = json.loads(payload)
    if answer is None or answer == {}:
        return set()
    try:
        failed = {item["itemIdentifier"] for item in answer["batchItemFailures"] or []}
    except (KeyError, TypeError):
        return set(ids)
    return failed if failed <= set(ids) else set(ids)


def _record(mapping: EventSourceMapping, message: Message) -> dict[str, Any]:
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "SentTimestamp": str(message.sent_timestamp),
        "SenderId": message.sender_id,
        "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
    }
    fifo = {
        "MessageGroupId": message.group_id,
        "MessageDeduplicationId": message.deduplication_id,
        "SequenceNumber": message.sequence_number,
    }
    attributes.update({name: value for name, value in fifo.items() if value})
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": attributes,
        "messageAttributes": {},
        "md5OfBody": message.body_md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": mapping.event_source_arn,
        "awsRegion": mapping.region,
    }
