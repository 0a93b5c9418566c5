"""`make screenshots`: the pictures in README and docs, taken of a fresh demo as a visitor's phone shows it."""

from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from docs.looking import chromium, served_demo

PICTURES = Path(__file__).parent / "pictures"
PHONE = {"width": 390, "height": 780}
SHOTS = (("home", "child", ""), ("lesson", "child", ".main-action"), ("class", "facilitator", ".main-action"))
"""Name of the picture, as whom it is looked at, and what is pressed on that home first."""


def main() -> None:
    """Make a demo, look at it, and forget it."""
    with served_demo() as demo, sync_playwright() as playwright:
        browser = chromium(playwright)
        for name, role, pressed in SHOTS:
            page = browser.new_page(viewport=PHONE, locale="en-GB")  # type: ignore[arg-type]
            _look_as(page, demo.url, role, pressed)
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
