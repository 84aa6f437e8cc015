"""The desk over a copy of an invented project."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from desk_project import PORT, READER, Browser, write_desk_project

from casepool.desk.private import Private
from casepool.desk.web.app import create_app
from casepool.desk.web.guard import Session
from casepool.desk.workspace import Workspace


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project as it was committed; two records of it wait to be screened."""
    return write_desk_project(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def root(shipped: Path, tmp_path: Path) -> Path:
    """Return a copy of the project."""
    return Path(shutil.copytree(shipped, tmp_path / "project"))


@pytest.fixture
def workspace(root: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Return the project as the desk sees it, in English; somebody reads."""
    monkeypatch.setenv("CASEPOOL_PAPERS", str(root.parent / "papers"))
    private = Private(root)
    private.set(language="en", reader=READER)
    made = Workspace(root, private)
    assert made.protocol.id  # in force from here on
    return made


@pytest.fixture
def browser(workspace: Workspace) -> Browser:
    """Return the desk with a browser that it knows."""
    session = Session(PORT, workspace.private.session())
    app = create_app(workspace, session)
    app.testing = True
    client = app.test_client()
    client.set_cookie(session.cookie, session.token, domain="127.0.0.1")
    return Browser(app, client, session)
