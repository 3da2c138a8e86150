"""
moto fills in legacy cache settings and certificate defaults that were never set, so a plan of Terraform shows changes.

AWS returns forwarded values and TTLs only for a behaviour without a cache policy, and for CloudFront's own certificate
the protocol version TLSv1 and no method of TLS.
"""

from typing import Any

from moto.cloudfront.models import DefaultCacheBehaviour, ViewerCertificate

from patching import wrap


@wrap(DefaultCacheBehaviour, "__init__")
def behaviour(original: Any, self: DefaultCacheBehaviour, config: dict[str, Any]) -> None:
    original(self, config)
    if config.get("CachePolicyId"):
        self.forwarded_values = self.min_ttl = self.default_ttl = self.max_ttl = None
    for field, name in (
        ("lambda_function_associations", "LambdaFunctionAssociations"),
        ("function_associations", "FunctionAssociations"),
    ):
        if config.get(name, {}).get("Items"):
            setattr(self, field, config[name])


@wrap(ViewerCertificate, "__init__")
def viewer_certificate(original: Any, self: ViewerCertificate, config: dict[str, Any]) -> None:
    original(self, config)
    own = config.get("ACMCertificateArn") or config.get("IAMCertificateId")
    self.cloud_front_default_certificate = not own
    self.ssl_support_method = config.get("SSLSupportMethod") if own else None
