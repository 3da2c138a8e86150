"""Starts the emulator: `serve.py [--port N] [--account ID] [--auto]`. See README.md beside this file."""

import argparse
import json
import os
import signal
import sys
import threading
from types import FrameType


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="An AWS of one's own: moto and this project's patches, in memory.")
    parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1; 0, the default, takes a free one")
    parser.add_argument("--account", default="123456789012", help="the AWS account's 12 digits")
    parser.add_argument(
        "--auto", action="store_true", help="no scheduler is attached: every ECS deployment succeeds at once"
    )
    arguments = parser.parse_args()
    if len(arguments.account) != 12 or not arguments.account.isdecimal():
        parser.error(f"--account {arguments.account!r}: an account id has 12 digits")
    return arguments


def main() -> None:
    arguments = parse_arguments()
    # moto reads these while it is imported.
    os.environ["MOTO_ACCOUNT_ID"] = arguments.account
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    os.environ["MOTO_ACM_VALIDATION_WAIT"] = "0"
    # moto's own clients must find no real account.
    os.environ.update(AWS_ACCESS_KEY_ID="emulator", AWS_SECRET_ACCESS_KEY="emulator")

    import server

    emulator = server.create(arguments.port, auto=arguments.auto)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # `shutdown` waits for the loop that this very thread runs.
        threading.Thread(target=emulator.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(json.dumps({"port": emulator.server_port}), flush=True)
    emulator.serve_forever()
    server.close(emulator)


if __name__ == "__main__":
    sys.exit(main())
