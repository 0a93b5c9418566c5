"""A channel on the hub: laid into the folder, agreed to, opened topic by topic, done, and given out again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import BrowserContext

from hub import inbox, library
from hub.cli import main
from hub.config import keep
from hub.node import Node, make_home
from hub.worker import HANDLERS, Worker
from tests.fixtures import channels, engines
from tests.fixtures.cast import Cast
from tests.fixtures.channels import CHANNEL, FILM, Thing
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.SHELF)
PACKAGE = f"kolibri-{CHANNEL}"
PAGE_BYTES_MAX = 20 * 1024


@pytest.fixture
def home(tmp_path: Path, database_url: Callable[[], str]) -> Path:
    """A hub's home, on the engine of this run."""
    home = tmp_path / "hub"
    make_home(home)
    keep(home, {"name": "Mbuyu", "database": database_url()})
    return home


def test_channels_in_the_folder_are_listed_each(node: Node, cast: Cast) -> None:
    """By title; one press says what does not fit and how much, a second puts it on the shelf."""
    channels.channel(node.home / inbox.FOLDER, [FILM], id="d" * 32, name="Goats")
    channels.rich(node.home / inbox.FOLDER)
    broken = channels.channel(node.home / inbox.FOLDER / "broken", [FILM])
    channels.database(broken).write_bytes(b"no database")
    browser = cast.client("librarian")
    text = browser.get("/library/add/").get_data(as_text=True)
    assert all(f"<bdi>{title}</bdi>" in text for title in ("Goats", "Clean water", "broken"))
    name = f"KOLIBRI_DATA/content/databases/{CHANNEL}.sqlite3"
    job = browser.post("/library/add/waiting/", data={"name": name}).location
    assert Worker(node, HANDLERS).step()
    text = browser.get(job).get_data(as_text=True)
    assert "in brackets is how many it is about" in text
    assert "books in the format BloomPUB are left out (1)" in text
    agreed = browser.post(f"{job}in-part/").location
    assert Worker(node, HANDLERS).step()
    assert f"/library/{PACKAGE}/" in browser.get(agreed).get_data(as_text=True)


def test_a_large_channel_stays_a_calm_page(node: Node, cast: Cast, tmp_path: Path) -> None:
    """Topics to open, and what lies in one a page at a time; a topic that is not there is not found."""
    many = [Thing(f"Film {number}", "video", FILM.files, ("Wells",)) for number in range(90)]
    library.add(node, source=channels.channel(tmp_path, [*many, FILM]))
    browser = cast.client("learner")
    page = browser.get(f"/library/{PACKAGE}/").get_data(as_text=True)
    assert ("90 parts" in page, page.count("/learn/")) == (
        True,
        3,
    )  # the bar, the large card, and what lies in no topic
    assert len(page.encode()) < PAGE_BYTES_MAX
    pages = [browser.get(f"/library/{PACKAGE}/topics/1/?page={number}").get_data(as_text=True) for number in (1, 2, 3)]
    assert [each.count("/learn/") for each in pages] == [42, 42, 12]  # with the bar and the large card
    assert browser.get(f"/library/{PACKAGE}/topics/2/").status_code == 404


def test_the_command_takes_each_and_gives_it_out(home: Path, tmp_path: Path) -> None:
    """A folder of two channels is two packages; one goes out for Kolibri; a lesson does not."""
    source = channels.channel(channels.rich(tmp_path / "stick"), [FILM], id="d" * 32, name="Goats")

    def run(*words: str) -> str:
        return CliRunner().invoke(main, ["content", *words, "--home", str(home)], catch_exceptions=False).output

    assert "BloomPUB are left out (1)" in run("add", str(source))
    added = json.loads(run("add", "--in-part", "--json", str(source)))
    assert [each["title"] for each in added] == ["Clean water", "Goats"]
    assert "KOLIBRI_DATA" in run("export", PACKAGE, "--to", str(tmp_path / "out"), "--as", "kolibri")
    assert channels.database(tmp_path / "out").read_bytes() == channels.database(source).read_bytes()


@pytest.mark.browser
def test_a_learner_goes_through_a_topic(
    node: Node, cast: Cast, served: Served, phone: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """Topic, film with its captions, the question, the text of the other, the activity; and it is written down."""
    library.add(node, source=channels.rich(tmp_path), in_part=True)
    context = phone()
    cookie = cast.client("learner").get_cookie("mangrove")
    assert cookie is not None
    context.add_cookies([{"name": "mangrove", "value": cookie.value, "url": served.url}])
    page = context.new_page()
    page.goto(f"{served.url}/library/{PACKAGE}/")
    assert page.get_by_text("Secret plan").count() == 0
    page.get_by_role("link", name="Water", exact=True).click()
    page.get_by_role("link", name="The film", exact=True).click()
    tracks = page.locator("video track").evaluate_all("all => all.map(each => each.srclang)")
    assert tracks == ["en", "fr"]
    page.get_by_text("How a lid is made.").wait_for()
    page.get_by_role("button", name="On to: The test").click()
    page.get_by_text("What keeps leaves out?").wait_for()
    page.get_by_text("A lid", exact=True).click()
    page.get_by_role("button", name="That is my answer").click()
    page.get_by_role("heading", name="Yes, that is right").wait_for()
    page.goto(f"{served.url}/library/{PACKAGE}/topics/1/")
    page.get_by_role("link", name="The test", exact=True).last.click()
    page.locator("img[alt='the well']").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector(\"img[alt='the well']\").naturalWidth > 0")
    page.goto(f"{served.url}/library/{PACKAGE}/topics/2/")
    page.get_by_role("link", name="The pump", exact=True).click()
    page.frame_locator("iframe").get_by_text("Pumped").wait_for()
    page.goto(f"{served.url}/library/{PACKAGE}/topics/2/")
    page.get_by_role("link", name="The goat", exact=True).click()
    page.frame_locator("iframe").get_by_text("The goat drinks.").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    done = {row.item for row in node.tables.Progress.select().where(node.tables.Progress.state > 0)}
    assert channels.name("The film", "0") in done
