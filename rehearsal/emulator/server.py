"""Puts moto, the patches and the control API behind one port."""

import logging

from werkzeug.serving import BaseWSGIServer, make_server

import patches


def create(port: int, *, auto: bool) -> BaseWSGIServer:
    """Listens on 127.0.0.1; nothing is answered before `serve_forever`."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    patches.apply()
    # Only now, for moto reads its classes when it is first asked for them.
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    import control.application
    import functions.invoke
    import rollouts.engine

    rollouts.engine.auto["on"] = auto
    application = control.application.Application(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", port, application, threaded=True)
    functions.invoke.endpoint["url"] = f"http://127.0.0.1:{server.server_port}"
    return server


def close(server: BaseWSGIServer) -> None:
    """Stops polling queues, ends the functions' processes, and closes the port."""
    import functions.invoke
    import functions.mapping

    functions.mapping.stop_all()
    server.server_close()
    functions.invoke.close_all()
