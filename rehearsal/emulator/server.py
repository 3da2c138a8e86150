"""Puts moto, the patches and the control API behind one port."""

import logging

from werkzeug.serving import BaseWSGIServer, make_server

import patches


def create(port: int, *, auto: bool) -> BaseWSGIServer:
    """Listens on 127.0.0.1; nothing is answered before `serve_forever`."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    patches.apply()
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    application = DomainDispatcherApplication(create_backend_app)
    return make_server("127.0.0.1", port, application, threaded=True)


def close(emulator: BaseWSGIServer) -> None:
    emulator.server_close()
