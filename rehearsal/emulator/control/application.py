"""Serves `/_emulator/…` in JSON and leaves every other path to moto."""

import json
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Request, Response

from control import calls, ecs, events, secrets
from control.errors import BadRequest
from rollouts.engine import Refused

PREFIX = "/_emulator/"

Handler = Callable[[dict[str, Any]], Any]

_ROUTES: dict[tuple[str, str], Handler] = {**calls.ROUTES, **ecs.ROUTES, **events.ROUTES, **secrets.ROUTES}


class Application:
    """The WSGI application around moto's."""

    def __init__(self, moto: Callable[..., Iterable[bytes]]) -> None:
        self._moto = moto

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PREFIX):
            return self._of_moto(environ, start_response)
        return _answer(Request(environ))(environ, start_response)

    def _of_moto(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            return self._moto(environ, start_response)
        except Exception as error:  # a fault of moto's, whatever it is
            traceback.print_exc(file=sys.stderr)
            # Not 500: clients would take that for a passing fault, and repeat the call for minutes.
            body = {"__type": "EmulatorFault", "message": f"{type(error).__name__}: {error}"}
            return _json(501, body)(environ, start_response)


def _answer(request: Request) -> Response:
    try:
        return _json(200, _call(request))
    except BadRequest as error:
        return _json(400, {"error": str(error)})
    except Refused as error:
        return _json(409, {"error": str(error)})
    except HTTPException as error:
        return _json(error.code or 500, {"error": error.description})


def _call(request: Request) -> Any:
    handler = _ROUTES.get((request.method, request.path.removeprefix(PREFIX)))
    if handler is None:
        known = ", ".join(f"{method} {PREFIX}{path}" for method, path in sorted(_ROUTES))
        raise NotFound(f"There is no {request.method} {request.path}; there are {known}")
    if request.method == "GET":
        return handler(request.args.to_dict())
    try:
        body = json.loads(request.get_data() or b"{}")
    except ValueError as error:
        raise BadRequest(f"The body is no JSON: {error}") from None
    if not isinstance(body, dict):
        raise BadRequest("The body has to be a JSON object")
    return handler(body)


def _json(status: int, body: Any) -> Response:
    return Response(json.dumps(body, default=str) + "\n", status, content_type="application/json")
