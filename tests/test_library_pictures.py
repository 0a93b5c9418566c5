"""Pictures of packages: made lighter after they came, shown as they came until then, and light on a phone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page, Route

from content.package import Manifest
from hub import jobs, library, pictures
from hub.node import Node
from hub.web.pictures import measured, thumb
from hub.worker import HANDLERS, Worker
from tests.fixtures import engines, packages, photos
from tests.fixtures.cast import ROLES, Cast
from tests.fixtures.web import Served

pytestmark = pytest.mark.sqlite(engines.SHELF)

LESSON = "# A clean well\n\n![The well](well.jpg)\n\nA lid keeps leaves out.\n"
QUIZ = packages.QUIZ.replace('prompt = "What', 'picture = "well.jpg"\nprompt = "What')
PHONE_MOST = 60 * 1024
ADDRESS = re.compile(r"/library/well\.en/pictures/[^ \"]+")
BYTES_SHOWN = "() => document.querySelector('.lesson img').currentSrc"


@pytest.fixture(scope="session")
def photo() -> bytes:
    """What a phone's camera makes: twelve million pixels, three megabytes, and where it was."""
    return photos.photo(4000, 3000, quality=97)


@pytest.fixture
def put(node: Node, cast: Cast, tmp_path: Path) -> Callable[..., Manifest]:
    """A function that puts a package with a picture onto the shelf; nothing is made lighter yet."""

    def add(data: bytes, **files: str) -> Manifest:
        place = packages.folder(
            tmp_path / "in", **{"read__md": LESSON, "try__toml": QUIZ, "package__toml": _described(), **files}
        )
        (place / "well.jpg").write_bytes(data)
        return library.package(node, library.add(node, source=place).package)

    return add


def _described() -> str:
    text = packages.DESCRIPTION.format(version=1).replace("well.svg", "well.jpg")
    return text.replace('path = "read.md"', 'path = "read.md"\npicture = "well.jpg"')


def work(node: Node) -> None:
    """Let the worker do all that waits."""
    while Worker(node, HANDLERS).step():
        pass


def said(node: Node) -> set[str]:
    """What the jobs about pictures said last."""
    return {str(job.progress) for job in jobs.jobs(node, kind=pictures.JOB)}


def last(node: Node) -> str:
    """What the only job about pictures said last."""
    (found,) = said(node)
    return found


def page(client: FlaskClient, address: str) -> str:
    """A page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


PLACES = ["/learn/well.en/read/", "/learn/well.en/try/", "/library/well.en/", "/library/", "/learn/"]


@pytest.mark.parametrize("address", PLACES)
def test_a_picture_is_shown_as_it_came_until_it_is_light(
    node: Node, cast: Cast, put: Callable[..., Manifest], address: str
) -> None:
    """Lesson, question, cover and lists: the picture itself before the job was done, a lighter copy after."""
    put(photos.photo(1000, 750))
    before = page(cast.client("learner"), address)
    work(node)
    after = page(cast.client("learner"), address)
    assert ("/files/" in before or address == "/library/", bool(ADDRESS.search(before))) == (True, False)
    assert ADDRESS.search(after)
    for copy in set(ADDRESS.findall(after)):
        assert cast.client("learner").get(copy).status_code == 200


def test_a_lesson_tells_how_much_room_a_picture_takes(node: Node, cast: Cast, put: Callable[..., Manifest]) -> None:
    """Before and after the copies are there, upright: nothing jumps while it loads."""
    put(photos.photo(1000, 600, turned=True))
    assert 'width="600" height="1000"' in page(cast.client("learner"), "/learn/well.en/read/")
    work(node)
    assert 'width="600" height="1000"' in page(cast.client("learner"), "/learn/well.en/read/")


def test_a_picture_that_cannot_be_read_is_told_in_one_sentence(
    node: Node, cast: Cast, put: Callable[..., Manifest]
) -> None:
    """The job is done all the same, the picture is shown as it came, and it is not tried again at each start."""
    put(photos.photo(800, 600)[:20_000])
    work(node)
    assert "1 of 1 could not be read" in last(node)
    assert "/files/" in page(cast.client("learner"), "/learn/well.en/read/")
    pictures.mend(node)
    assert not jobs.unfinished(node, kind=pictures.JOB)


def test_a_rebuild_looks_at_it_once_more(node: Node, put: Callable[..., Manifest]) -> None:
    """It may have been a bad moment."""
    put(photos.photo(800, 600)[:20_000])
    work(node)
    library.rebuild(node)
    assert len(jobs.unfinished(node, kind=pictures.JOB)) == 1


def test_drawings_of_lines_and_tiny_pictures_need_no_job(node: Node, cast: Cast, tmp_path: Path) -> None:
    """They are light as they are."""
    library.add(node, source=packages.folder(tmp_path / "in"))
    assert jobs.jobs(node, kind=pictures.JOB) == []


def test_only_what_our_pages_show_is_made_lighter(node: Node, cast: Cast, tmp_path: Path) -> None:
    """An activity from elsewhere has pages of its own, which name their pictures themselves."""
    place = packages.page_zip(tmp_path / "beans.zip", bean__png="x" * 9_000)
    manifest = library.package(node, library.add(node, source=place).package)
    assert pictures.shown(manifest) == []


def test_copies_go_with_the_package_and_come_again_after_a_loss(
    node: Node, cast: Cast, put: Callable[..., Manifest]
) -> None:
    """A backup holds none: whatever is missing is asked for at the next start."""
    manifest = put(photos.photo(900, 600))
    work(node)
    sha256 = manifest.files["well.jpg"].sha256
    pictures.renditions(node).prune([])
    pictures.mend(node)
    work(node)
    assert pictures.renditions(node).copies(sha256)
    library.remove(node, "well.en")
    assert not list(pictures.renditions(node).root.glob("??/*"))


def test_an_interrupted_job_goes_on(node: Node, put: Callable[..., Manifest], monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes longer than its turn waits behind other work, and loses nothing."""
    put(photos.photo(900, 600))
    monkeypatch.setattr(pictures, "TURN_S", 0.0)
    Worker(node, HANDLERS).step()
    assert said(node) == {"0 of 1 pictures are light now.", ""}
    monkeypatch.undo()
    work(node)
    assert said(node) == {"0 of 1 pictures are light now.", "Pictures are light now: 1."}


def test_without_room_the_job_stops_and_pictures_stay(
    node: Node, cast: Cast, put: Callable[..., Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence says what to do; lessons are shown."""
    put(photos.photo(900, 600))
    monkeypatch.setattr(pictures, "ROOM_BYTES", 1 << 60)
    work(node)
    assert last(node).startswith("The disk is full, so pictures stay as heavy as they came.")
    assert "/files/" in page(cast.client("learner"), "/learn/well.en/read/")


@pytest.mark.parametrize("role", ROLES)
def test_a_copy_is_for_whoever_may_see_the_library(
    node: Node, cast: Cast, put: Callable[..., Manifest], role: str
) -> None:
    """The outsider is led to the sign-in where guests are not received; others get it, kept for good."""
    manifest = put(photos.photo(900, 600))
    work(node)
    address = thumb(node, manifest, "well.jpg")
    object.__setattr__(node.settings, "guests", False)
    answer = cast.client(role).get(address)
    if role == "outsider":
        assert answer.status_code == 303
    else:
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert "immutable" in answer.headers["Cache-Control"]


def test_a_copy_is_had_only_through_its_own_package(node: Node, cast: Cast, put: Callable[..., Manifest]) -> None:
    """Another hash, another name, a way out of the folder: not there."""
    manifest = put(photos.photo(900, 600))
    work(node)
    own = manifest.files["well.jpg"].sha256
    client = cast.client("learner")
    assert client.get(f"/library/well.en/pictures/{own}/160x107.jpg").status_code == 200
    for sha256, name in ((own, "161x107.jpg"), ("0" * 64, "160x107.jpg"), (own, "..%2f..%2fmangrove.db"), ("..", "x")):
        assert client.get(f"/library/well.en/pictures/{sha256}/{name}").status_code == 404


def test_pictures_are_measured(node: Node, tmp_path: Path) -> None:
    """What is no picture, is not there or rotted has no size."""
    manifest = library.package(node, library.add(node, source=packages.folder(tmp_path / "well")).package)
    measure = measured(node, manifest)
    assert measure("well.svg") == (80, 60)
    assert measure("read.md") is None
    assert measure("nothing.png") is None
    node.shelf.blob_path(manifest.files["well.svg"].sha256).unlink()
    assert measure("well.svg") is None


@pytest.fixture
def lesson(node: Node, put: Callable[..., Manifest], photo: bytes, served: Served) -> str:
    """The address of a lesson with a large photo that was made lighter."""
    assert len(photo) > 2_500_000
    put(photo)
    work(node)
    return f"{served.url}/learn/well.en/read/"


def received(page: Page, address: str) -> tuple[int, str]:
    """How many bytes of pictures of packages a page costs, and which copy is shown."""
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())) if "/library/" in answer.url else None)
    page.goto(address, wait_until="networkidle")
    return sum(sizes), page.evaluate(BYTES_SHOWN).rpartition("/")[2]


@pytest.mark.browser
@pytest.mark.parametrize(("fineness", "copy"), [(1, "360x270.webp"), (2, "720x540.webp"), (3, "720x540.webp")])
def test_a_large_photo_costs_a_phone_little(
    lesson: str, phone: Callable[..., BrowserContext], fineness: int, copy: str
) -> None:
    """Three megabytes are at most 60 KiB at 360 px, on the finest screens too."""
    cost, shown = received(phone(device_scale_factor=fineness).new_page(), lesson)
    assert shown == copy
    assert 0 < cost <= PHONE_MOST


@pytest.mark.browser
def test_a_browser_that_does_not_know_webp_takes_jpeg(lesson: str, phone: Callable[..., BrowserContext]) -> None:
    """Simulated by a type that none knows: the browser passes over it and takes what every one reads."""
    page = phone().new_page()

    def unknown(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("image/webp", "image/of-tomorrow"))

    page.route("**/learn/well.en/read/", unknown)
    cost, shown = received(page, lesson)
    assert (shown, 0 < cost <= PHONE_MOST) == ("360x270.jpg", True)


@pytest.mark.browser
def test_nothing_jumps_when_a_picture_arrives(lesson: str, phone: Callable[..., BrowserContext]) -> None:
    """The words below stand where they will stand before the first byte of the picture is there."""
    places = []
    for is_there in (False, True):
        page = phone().new_page()
        if not is_there:
            page.route("**/pictures/**", lambda _route: None)
        page.goto(lesson, wait_until="load" if is_there else "domcontentloaded")
        places.append(page.locator(".lesson p").last.bounding_box())
    assert places[0] == places[1]
