"""
moto invokes a function within the call that sends a message, one message at a time, deletes the batch whatever the
function reports, and shows a failed one again at once.

AWS polls: it receives up to `BatchSize` messages, deletes what succeeded (`ReportBatchItemFailures`), and leaves the
rest in flight until the queue's visibility timeout; after `maxReceiveCount` receives the queue moves a message on.
"""

from typing import Any

from moto.awslambda.models import EventSourceMapping, LambdaBackend
from moto.sqs.models import sqs_backends

import functions.mapping
from patching import wrap


@wrap(LambdaBackend, "create_event_source_mapping")
def create_event_source_mapping(original: Any, self: LambdaBackend, spec: dict[str, Any]) -> EventSourceMapping:
    mapping = original(self, spec)
    for queue in sqs_backends[self.account_id][self.region_name].queues.values():
        # This is what moto's own delivery goes by.
        queue.lambda_event_source_mappings.pop(mapping.function_arn, None)
    functions.mapping.start(mapping)
    return mapping
