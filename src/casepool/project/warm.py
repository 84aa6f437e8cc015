"""Scripts as forks of one process: what one of them has imported, the next ones need not import again."""

from __future__ import annotations

import ast
import atexit
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import NoReturn, Self

from casepool import ahead
from casepool.model.study import PROTOCOL_VARIABLE

# Elsewhere libraries of the system may not be used after a fork.
AVAILABLE = sys.platform == "linux"
_STARTED = b"s"
_LONGEST, _MODULES = 65536, 500  # of a message in bytes, and of names in one
# A script lives for a second: memory that it gave back after each picture and table it would soon ask for again.
_MEMORY = {"MALLOC_TRIM_THRESHOLD_": str(2**28), "MALLOC_MMAP_THRESHOLD_": str(2**25), "MALLOC_TOP_PAD_": str(2**24)}


class WarmProcess:
    """Runs Python scripts, each in a fork of a process that has imported what it needs; it starts with the first.

    The process ends, and ends what still runs, when the one that asks it is gone.
    """

    def __init__(self) -> None:
        self._one_at_a_time = Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, and wait until it has ended."""
        if self._control and self._process:
            self._control.close()
            self._process.wait()

    def run(self, script: str | Path) -> int:
        """Run a script to its end; may be called by several threads.

        Returns
        -------
        int
            Its exit code; the negative number of the signal that ended it or the process behind it.
        """
        ours, theirs = socket.socketpair()
        with ours:
            with self._one_at_a_time, theirs, suppress(BrokenPipeError):
                socket.send_fds(self._control or self._start(), [os.fsencode(script)], [theirs.fileno()])
                theirs.close()
                ours.recv(len(_STARTED))
            told = ours.recv(16)
        return int(told) if told else -signal.SIGKILL

    def _start(self) -> socket.socket:
        """Start the process; return the socket on which it is asked."""
        self._control, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", __name__, str(theirs.fileno())]
        with theirs:
            own = {**os.environ, **_MEMORY, "OMP_NUM_THREADS": "1"}  # a process with threads cannot be forked
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=own)  # noqa: S603  (our own)
        return self._control


class _Server:
    """The process behind: forks for each script, tells who asked how it ended."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.asked: dict[int, socket.socket] = {}  # process of a script: who waits for it
        self.learnt, self.teacher = socket.socketpair(type=socket.SOCK_DGRAM)
        self.woken, waker = socket.socketpair()
        self.learnt.setblocking(False)
        self.woken.setblocking(False)
        waker.setblocking(False)
        self.waker = waker
        self.protocol = _protocol()

    def serve(self) -> str:
        """Fork for each script that is asked for; returns only in a fork, the script that it is to run."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the scripts are interrupted, and it tells of them
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.waker.fileno())
        while True:
            ready, _, _ = select.select([self.control, self.woken, self.learnt], [], [])
            if self.learnt in ready:
                self._learn()
            if self.woken in ready:
                self._tell_who_ended()
            if self.control in ready:
                told, descriptors, _, _ = socket.recv_fds(self.control, _LONGEST, 1)
                if not told:
                    self._end()
                script = os.fsdecode(told)
                _import_what_it_needs(script)
                if self._is_fork(socket.socket(fileno=descriptors[0])):
                    return script

    def _is_fork(self, asker: socket.socket) -> bool:
        """Fork; return whether this is the new process, rid of what belongs to the old one."""
        gc.freeze()  # what is there already is shared, and stays so
        process = os.fork()
        if process:
            self.asked[process] = asker
            asker.send(_STARTED)
            return False
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for one in (self.control, self.woken, self.waker, self.learnt, asker, *self.asked.values()):
            one.close()
        atexit.register(self._teach, frozenset(sys.modules), ahead.listen())
        return True

    def _teach(self, known: frozenset[str], wished: Sequence[Sequence[str]]) -> None:
        """Tell from a fork that ends what it imported and read on its way: the next ones will have it."""
        new = [name for name, module in sys.modules.items() if name not in known and getattr(module, "__spec__", None)]
        with suppress(OSError):
            for part in range(0, len(new), _MODULES):
                self.teacher.send(json.dumps(["", *new[part : part + _MODULES]]).encode())
            for words in wished:
                self.teacher.send(json.dumps(words).encode())

    def _learn(self) -> None:
        """Import modules and call readers ahead, as forks did; what cannot be read the next one will tell itself."""
        with suppress(BlockingIOError):
            while True:
                reader, *given = json.loads(self.learnt.recv(_LONGEST))
                if reader:
                    with suppress(Exception):
                        ahead.read(reader, given)
                else:
                    _import(*given)

    def _tell_who_ended(self) -> None:
        self.woken.recv(4096)
        for process in list(self.asked):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                with self.asked.pop(process) as asker, suppress(BrokenPipeError):
                    asker.send(str(os.waitstatus_to_exitcode(status)).encode())

    def _end(self) -> NoReturn:
        """End, and before it every script that still runs: nobody waits for its results."""
        for process in self.asked:
            os.kill(process, signal.SIGTERM)
        for process in self.asked:
            os.waitpid(process, 0)
        _leave()


def _import_what_it_needs(script: str) -> None:
    """Import the modules that a script names at its top; what cannot be imported it will tell itself."""
    with suppress(Exception):
        for node in ast.parse(Path(script).read_bytes()).body:
            if isinstance(node, ast.Import):
                _import(*(alias.name for alias in node.names))
            elif isinstance(node, ast.ImportFrom) and node.module:
                _import(node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


def _protocol() -> bytes:
    """Return a checksum of the protocol in force: the columns of tables follow from it."""
    return ahead.contents([os.environ.get(PROTOCOL_VARIABLE, "")])


def _import(*names: str) -> None:
    for name in names:
        with suppress(Exception):  # a name in a module need not be a module
            importlib.import_module(name)


def _leave() -> NoReturn:
    """End a process that came to its end, without taking apart what its modules hold, for a tenth of a second."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    gc.set_threshold(500_000)  # as in the command line: most of what a job makes lives to its end
    SERVER = _Server(socket.socket(fileno=int(sys.argv[1])))
    SCRIPT = SERVER.serve()
    if SERVER.protocol != _protocol():  # it was edited meanwhile, and what is in memory follows from it
        os.execv(sys.executable, [sys.executable, "-P", SCRIPT])  # noqa: S606  (our own)
    sys.argv = [SCRIPT]
    runpy.run_path(SCRIPT, run_name="__main__")
    _leave()
