"""Prints, as JSON, how many calls the emulator answers at once, of a service that is held up and of one that waits by itself."""

import json
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any

sys.path.insert(0, sys.argv[1])

import server

emulator = server.create(0, auto=True)

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response
from moto.sqs.responses import SQSResponse

most = {"ec2": 0, "sqs": 0}


def count(owner: Any, action: str, service: str, hold: Callable[[], object]) -> None:
    inside = []

    def answer(self: Any) -> ActionResult:
        inside.append(self)
        most[service] = max(most[service], len(inside))
        hold()
        inside.pop()
        return ActionResult({})

    setattr(owner, action, answer)


def call(service: str, body: bytes, **headers: str) -> None:
    credential = f"AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=x"
    url = f"http://127.0.0.1:{emulator.server_port}/"
    urllib.request.urlopen(urllib.request.Request(url, body, {"Authorization": credential, **headers})).read()


count(EC2Response, "describe_vpcs", "ec2", lambda: time.sleep(0.2))
# However slow the machine is: none is answered before another has come.
met = threading.Barrier(2)
count(SQSResponse, "list_queues", "sqs", lambda: met.wait(60))
threading.Thread(target=emulator.serve_forever, daemon=True).start()
json_call = {"X-Amz-Target": "AmazonSQS.ListQueues", "Content-Type": "application/x-amz-json-1.0"}
calls = [threading.Thread(target=call, args=("ec2", b"Action=DescribeVpcs&Version=2016-11-15")) for _ in range(4)]
calls += [threading.Thread(target=call, args=("sqs", b"{}"), kwargs=json_call) for _ in range(4)]
for one in calls:
    one.start()
for one in calls:
    one.join()
emulator.shutdown()
server.close(emulator)
print(json.dumps(most))
