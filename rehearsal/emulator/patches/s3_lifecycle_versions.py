"""
moto drops how many noncurrent versions a lifecycle rule keeps.

AWS returns `NewerNoncurrentVersions` as it was set.
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

from patching import wrap


@wrap(FakeBucket, "set_lifecycle")
def set_lifecycle(original: Any, self: FakeBucket, rules: list[dict[str, Any]]) -> None:
    original(self, rules)
    for given, kept in zip(rules, self.rules, strict=True):
        kept.newer_versions = (given.get("NoncurrentVersionExpiration") or {}).get("NewerNoncurrentVersions")


@wrap(S3Response, "serialized")
def serialized(original: Any, self: S3Response, action_result: ActionResult) -> Any:
    if self.data.get("Action") == "GetBucketLifecycleConfiguration" and isinstance(action_result.result, dict):
        kept_rules = self.backend.get_bucket_lifecycle(self.bucket_name) or []
        for rule, kept in zip(action_result.result["Rules"], kept_rules, strict=True):
            if kept.newer_versions:
                rule["NoncurrentVersionExpiration"]["NewerNoncurrentVersions"] = kept.newer_versions
    return original(self, action_result)
