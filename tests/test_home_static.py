"""Static files: kept for good under the address of their content, refused under a name that is not there."""

import gzip
from http import HTTPStatus

import pytest
from flask.testing import FlaskClient

from hub.web.static_files import FOR_GOOD, Assets
from tests.fixtures import engines

pytestmark = pytest.mark.sqlite(engines.WORDS)


def test_a_file_is_kept_for_good_under_its_own_address(client: FlaskClient) -> None:
    """The address holds the hash, so browsers never ask again."""
    answer = client.get(Assets().address("site.css"))
    assert answer.headers["Cache-Control"] == FOR_GOOD
    assert answer.mimetype == "text/css"


def test_an_old_address_still_finds_the_file_but_is_not_kept(client: FlaskClient) -> None:
    """A page from before an update still has its stylesheet."""
    answer = client.get("/static/000000000000/site.css")
    assert answer.status_code == HTTPStatus.OK
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_file_is_packed_for_those_who_take_it(client: FlaskClient) -> None:
    """gzip when asked for, the plain bytes otherwise."""
    address = Assets().address("icons.svg")
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get(address, headers={"Accept-Encoding": "identity"}).data


def test_an_unknown_file_is_not_found(client: FlaskClient) -> None:
    """No way out of the folder."""
    for name in ("nothing.css", "..%2f..%2fapp.py", ".hidden"):
        assert client.get(f"/static/0/{name}").status_code == HTTPStatus.NOT_FOUND
