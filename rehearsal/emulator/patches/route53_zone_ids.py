"""
moto's ids of hosted zones begin with any letter.

AWS's begin with Z, and the layers refuse what cannot be one.
"""

from typing import Any

from moto.route53 import models

from patching import wrap


@wrap(models, "create_route53_zone_id")
def create_zone_id(original: Any, *args: Any, **kwargs: Any) -> str:
    return f"Z{original(*args, **kwargs)}"
