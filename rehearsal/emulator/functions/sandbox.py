"""One execution environment of a function: its unpacked code, a Node process, and a log stream."""

import contextlib
import io
import json
import os
import selectors
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

_HOST = Path(__file__).with_name("host.mjs")


class Sandbox:
    """
    Serves one invocation after another. Once `alive` is false, at a timeout or after a crash, it takes no other.
    `print_line`, which may be replaced, gets every line that the function writes.
    """

    def __init__(self, code: bytes, environment: dict[str, str], print_line: Callable[[str], None]) -> None:
        node = shutil.which("node")
        if node is None:
            raise RuntimeError("Functions run in Node: put `node` on the PATH of the emulator")
        self._folder = tempfile.mkdtemp(prefix="emulator-function-")
        with zipfile.ZipFile(io.BytesIO(code)) as archive:
            archive.extractall(self._folder)
        self.print_line = print_line
        self._unprinted = b""
        self.alive = True
        read_answers, write_answers = os.pipe()
        read_invocations, write_invocations = os.pipe()
        self._process = subprocess.Popen(
            [node, str(_HOST), str(read_invocations), str(write_answers)],
            cwd=self._folder,
            env={"PATH": os.environ["PATH"], "TZ": ":UTC", "LAMBDA_TASK_ROOT": self._folder, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(read_invocations, write_answers),
        )
        os.close(read_invocations)
        os.close(write_answers)
        self._invocations = os.fdopen(write_invocations, "w")
        self._answers = read_answers
        os.set_blocking(self._output, False)

    @property
    def _output(self) -> int:
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def invoke(self, event: Any, context: dict[str, str], seconds: float) -> dict[str, Any] | None:
        """Returns `{"payload": …}` or `{"error": …}`; None when the function took longer than `seconds`."""
        deadline = time.time() + seconds
        invocation = {"event": event, "context": context, "deadline": int(deadline * 1000)}
        try:
            self._invocations.write(json.dumps(invocation) + "\n")
            self._invocations.flush()
        except BrokenPipeError:
            return self._crashed()
        answer = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._output, selectors.EVENT_READ)
            selector.register(self._answers, selectors.EVENT_READ)
            while not answer.endswith(b"\n"):
                ready = selector.select(deadline - time.time())
                if time.time() >= deadline:
                    self._read_output()
                    self.close()
                    return None
                for key, _ in ready:
                    if key.fd == self._answers:
                        chunk = os.read(self._answers, 1 << 16)
                        if not chunk:
                            return self._crashed()
                        answer += chunk
                    elif not self._read_output():
                        selector.unregister(self._output)
        self._read_output()
        return json.loads(answer)

    def _crashed(self) -> dict[str, Any]:
        status = self._process.wait()
        self._read_output()
        self.close()
        message = f"Error: Runtime exited with error: exit status {status}"
        return {"error": {"errorType": "Runtime.ExitError", "errorMessage": message}}

    def _read_output(self) -> bool:
        """Prints what there is by now; false at the end of the output."""
        while True:
            try:
                chunk = os.read(self._output, 1 << 16)
            except BlockingIOError:
                return True
            *lines, self._unprinted = (self._unprinted + chunk).split(b"\n")
            if not chunk and self._unprinted:
                lines, self._unprinted = [self._unprinted], b""
            for line in lines:
                self.print_line(line.decode("utf-8", "replace"))
            if not chunk:
                return False

    def close(self) -> None:
        """Kills the process and removes the code."""
        if not self.alive:
            return
        self.alive = False
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        os.close(self._answers)
        with contextlib.suppress(BrokenPipeError):
            self._invocations.close()
        shutil.rmtree(self._folder, ignore_errors=True)
