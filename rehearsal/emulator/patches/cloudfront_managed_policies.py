"""
moto has no cache, origin request or response headers policies, so Terraform's data sources find none.

AWS keeps managed policies under fixed ids in every account. Here are those that an application without a cache uses;
their settings are left out, for only the id goes into a distribution.
"""

from collections.abc import Callable
from typing import Any

from moto.cloudfront import urls
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult

from patching import add

_KINDS = {
    "cache_policy": (
        "cache-policy",
        "CachePolicy",
        "CachePolicyConfig",
        {"MinTTL": 0},
        {
            "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": "Managed-CachingDisabled",
            "658327ea-f89d-4fab-a63d-7e88639e58f6": "Managed-CachingOptimized",
            "83da9c7e-98b4-4e11-a168-04f0df8e2c65": "UseOriginCacheControlHeaders",
        },
    ),
    "origin_request_policy": (
        "origin-request-policy",
        "OriginRequestPolicy",
        "OriginRequestPolicyConfig",
        {
            "HeadersConfig": {"HeaderBehavior": "allViewer"},
            "CookiesConfig": {"CookieBehavior": "all"},
            "QueryStringsConfig": {"QueryStringBehavior": "all"},
        },
        {
            "216adef6-5c7f-47e4-b989-5492eafa07d3": "Managed-AllViewer",
            "b689b0a8-53d0-40ab-baf2-68738e2966ac": "Managed-AllViewerExceptHostHeader",
        },
    ),
    "response_headers_policy": (
        "response-headers-policy",
        "ResponseHeadersPolicy",
        "ResponseHeadersPolicyConfig",
        {},
        {
            "67f7725c-6f97-4210-82d7-5512b31e9d03": "Managed-SecurityHeadersPolicy",
            "60669652-455b-4ae9-85a4-c4c02393f86c": "Managed-SimpleCORS",
        },
    ),
}


def _list(name: str, config: str, settings: dict[str, Any], policies: dict[str, str]) -> Callable[..., ActionResult]:
    def handler(_self: CloudFrontResponse) -> ActionResult:
        items = [
            {"Type": "managed", name: {"Id": id, config: {"Name": policy, **settings}}}
            for id, policy in policies.items()
        ]
        return ActionResult({f"{name}List": {"MaxItems": 100, "Quantity": len(items), "Items": items}})

    return handler


def _get(name: str, config: str, settings: dict[str, Any], policies: dict[str, str]) -> Callable[..., ActionResult]:
    def handler(self: CloudFrontResponse) -> ActionResult:
        id = self._get_param("Id")
        if id not in policies:
            raise ServiceException(f"NoSuch{name}", f"The emulator knows no {name} {id}")
        return ActionResult({name: {"Id": id, config: {"Name": policies[id], **settings}}, "ETag": "E1"})

    return handler


for _action, (_path, *_kind) in _KINDS.items():
    _plural = _action.replace("policy", "policies")
    add(CloudFrontResponse, f"list_{_plural}")(_list(*_kind))
    add(CloudFrontResponse, f"get_{_action}")(_get(*_kind))
    urls.url_paths[f"{{0}}/2020-05-31/{_path}$"] = CloudFrontResponse.dispatch
    urls.url_paths[f"{{0}}/2020-05-31/{_path}/(?P<policy_id>[^/]+)$"] = CloudFrontResponse.dispatch
