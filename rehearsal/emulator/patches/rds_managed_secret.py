"""
moto's RDS-managed secret always holds the user `admin` and one fixed password, also after a rotation.

AWS puts the master user's name and a password of its own making into it, a new one at each rotation.
"""

import json
import secrets
import string
from typing import Any

from moto.rds.models import MasterUserSecret

from patching import wrap

# RDS takes no / @ " or space in a password.
_LETTERS = string.ascii_letters + string.digits + "!#$%&()*+,-.:;<=>?[]^_{|}~"


def new_password() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(28))


@wrap(MasterUserSecret, "_generate_secret_string")
def generate_secret_string(_original: Any, self: MasterUserSecret) -> str:
    return json.dumps({"username": self.resource.master_username, "password": new_password()})
