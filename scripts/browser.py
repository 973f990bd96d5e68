"""Debian's Chromium, headless: for the tests of the console and for its picture in the README."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

#: As root it has no sandbox of its own; without a graphics card WebGL is drawn by software.
_WORDS = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")


class NoBrowser(Exception):
    """Chromium is not installed."""


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """A browser of one's own. While it is open its thread runs an event loop: keep it short."""
    program = shutil.which("chromium")
    if program is None:
        raise NoBrowser("Please install chromium first: sudo apt-get install chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=list(_WORDS))
        try:
            yield browser
        finally:
            browser.close()
