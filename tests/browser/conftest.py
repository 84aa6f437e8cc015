"""A real browser: Chromium without a window, every request to the outside refused and counted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
LOCAL = ("file:", "data:", "blob:", "about:", "http://127.0.0.1:", "http://localhost:")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield Chromium: that of CHROMIUM, else that of the system; a machine without one fails, it does not skip."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "Chromium was not found; install it (Debian: chromium) or name its path in CHROMIUM"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def outside() -> list[str]:
    """Return the addresses outside this machine that a page of ``context`` asked for: empty at the end of a test."""
    return []


@pytest.fixture(params=[1280, 390], ids=["wide", "phone"])
def context(request: pytest.FixtureRequest, browser: Browser, outside: list[str]) -> Iterator[BrowserContext]:
    """Yield a fresh profile of the browser at each of two widths; it reaches nothing but this machine."""

    def guard(route: Route) -> None:
        if route.request.url.startswith(LOCAL):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    opened = browser.new_context(viewport={"width": request.param, "height": 900})
    opened.route("**/*", guard)
    yield opened
    opened.close()
