"""``python -m scripts.console_picture [ADDRESS]``: the README's picture of the console.

Of the demo, which must be running (``make demo``): a ring of it as city.chen sees it in a case.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from scripts.browser import opened_browser

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "console.png"
KIND = "scam_cell"
_COLORS = 96  # a palette: small, and nobody sees the difference


def main(address: str) -> None:
    """Take the picture and write it."""
    with opened_browser() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
        page.set_default_timeout(60_000)
        _open_ring(page, address)
        taken = Image.open(io.BytesIO(page.screenshot()))
    taken.convert("RGB").quantize(_COLORS, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


def _open_ring(page: Page, address: str) -> None:
    page.goto(f"{address}/console/")
    page.get_by_role("button", name="Sign in").click()
    page.locator("button[value='city.chen']").click()
    page.locator("#case").fill("A-2026-7")
    page.locator("#case").press("Enter")
    page.locator("#findings li").first.wait_for()
    page.get_by_label("Kind").select_option(KIND)
    page.locator(".findings h2 small").filter(has_not_text="24").wait_for()
    page.locator("#findings li button").first.click()
    page.locator("#finding").wait_for()
    page.locator(".canvas[data-ready=true]").wait_for()
    page.locator("#twin-facts").click()
    page.mouse.move(5, 5)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
