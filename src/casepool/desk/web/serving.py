"""The desk is served: on this machine only, to the browser that opens the start address."""

from __future__ import annotations

import logging
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

import waitress
from filelock import FileLock, Timeout
from waitress.server import BaseWSGIServer

from casepool.desk.private import Private
from casepool.desk.web.app import create_app
from casepool.desk.web.guard import Session
from casepool.desk.words import words_of
from casepool.desk.workspace import Workspace
from casepool.model.errors import FileError
from casepool.model.message import Message
from casepool.model.protocol import Language
from casepool.project.loading import load_project

HOST = "127.0.0.1"
_THREADS = 4


def serve(
    folder: Path, *, port: int, open_browser: bool, language: Language | None, say: Callable[[str], None]
) -> None:
    """Serve the desk of a project until it is stopped; where one runs already, open that one.

    Parameters
    ----------
    port : 0 for that of the last start, so that a page left open can be saved; a free one where it is taken.
    language : of the pages; None for the one last chosen, at first the first of the configuration.
    say : shows a line to who started it.

    Raises
    ------
    ConfigError
        If the folder is no project.
    FileError
        If the port that was asked for is taken.
    """
    root = folder.resolve()
    project = load_project(root)
    private = Private(root)
    known = private.settings()
    spoken = language or known.get("language") or project.configuration.language[0]
    private.set(language=spoken)
    words = words_of(spoken)
    running = FileLock(private.folder / "running")
    try:
        running.acquire(timeout=0)
    except Timeout:
        _open(private, int(known.get("port", 0)), words("already_running"), open_browser, say)
        return
    with running:
        wanted = port or int(known.get("port", 0))
        session = Session(_free(wanted, asked=port != 0), private.session())
        private.set(port=session.port)
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # two requests at a time are no trouble
        server = waitress.create_server(
            create_app(Workspace(root, private), session),
            host=HOST,
            port=session.port,
            threads=_THREADS,
            ident="casepool",
        )
        _open(private, session.port, words("started"), open_browser, say)
        _run(server)
        say(words("stopped"))


def start_address(private: Private, port: int) -> str:
    """Return an address that opens the desk once."""
    return f"http://{HOST}:{port}/start?ticket={private.new_ticket()}"


def _open(private: Private, port: int, said: str, open_browser: bool, say: Callable[[str], None]) -> None:
    address = start_address(private, port)
    say(said)
    say(f"  {address}")
    if open_browser:
        webbrowser.open(address)


def _run(server: BaseWSGIServer) -> None:
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def _free(wanted: int, *, asked: bool) -> int:
    """Return a port that nobody listens on: the wanted one where it is free."""
    for one in dict.fromkeys((wanted, 0)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, one))
            except OSError as error:
                if asked:
                    raise FileError(Message("port_taken", port=str(one))) from error
                continue
            return int(probe.getsockname()[1])
    raise FileError(Message("port_taken", port=str(wanted)))
