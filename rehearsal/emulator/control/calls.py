"""Who called what: `calls`."""

from typing import Any

from control.errors import text
from patches.calls_recorded import calls_of


def _calls(query: dict[str, Any]) -> dict[str, Any]:
    return {"calls": calls_of(text(query, "key"))}


ROUTES = {
    ("GET", "calls"): _calls,
}
