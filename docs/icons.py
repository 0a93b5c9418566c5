"""`.venv/bin/python docs/icons.py`: the hub's icon as phones want it on a home screen, drawn from `mark.svg`.

The drawing keeps within the inner circle that phones never cut away; the ground reaches to the edges.
"""

from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parents[1] / "hub" / "web" / "static"
CHROMIUM = "/usr/bin/chromium"
SIZES = (180, 192, 512)
PAGE = """<style>html, body {{ margin: 0; height: 100% }}
body {{ display: grid; place-items: center; background: #fbf8f2 }}
svg {{ width: 58%; height: 58% }}</style>{mark}"""


def main() -> None:
    """Draw each size."""
    mark = (STATIC / "mark.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for size in SIZES:
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(PAGE.format(mark=mark))
            page.screenshot(path=STATIC / f"app-{size}.png")
            print(f"app-{size}.png: {(STATIC / f'app-{size}.png').stat().st_size} bytes")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
