"""`make screenshots`: the pictures in README and docs, taken of a fresh demo as a visitor's phone shows it."""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.fixtures.powered import Powered, free_ports
from tests.fixtures.web import CHROMIUM

PICTURES = Path(__file__).parent / "pictures"
PHONE = {"width": 390, "height": 780}
SHOTS = (("home", "child", ""), ("lesson", "child", ".main-action"), ("class", "facilitator", ".main-action"))
"""Name of the picture, as whom it is looked at, and what is pressed on that home first."""


def main() -> None:
    """Make a demo, serve it, look at it, and forget it."""
    with tempfile.TemporaryDirectory() as folder:
        machine = Powered(Path(folder) / "home", free_ports())
        subprocess.run([sys.executable, "-m", "hub", "init", "--demo", "--home", str(machine.home)], check=True)
        machine.start()
        try:
            _take_all(machine.url)
        finally:
            machine.cut()


def _take_all(url: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        for name, role, pressed in SHOTS:
            page = browser.new_page(viewport=PHONE, locale="en-GB")  # type: ignore[arg-type]
            _look_as(page, url, role, pressed)
            page.screenshot(path=PICTURES / f"{name}.png")
            print(f"{name}.png: {(PICTURES / f'{name}.png').stat().st_size} bytes")
            page.close()
        browser.close()


def _look_as(page: Page, url: str, role: str, pressed: str) -> None:
    """Choose somebody on the demo's page, and press what should be seen."""
    page.goto(f"{url}/demo/")
    page.click(f"form[action='/demo/as/{role}'] button")
    if pressed:
        page.click(pressed)
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main()
