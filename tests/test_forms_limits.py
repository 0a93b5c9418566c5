"""The limits of a form: how many parts it may have, and how much text; whoever sends it."""

import pytest
from flask import Flask

from hub.app import FORM_MEMORY_BYTES, FORM_PARTS_MAX
from tests.fixtures.cast import ROLES, Cast

MULTIPART = "multipart/form-data"
ADDRESS = "/people/sign-out/"
"""A form that everybody may send."""


def _parts(count: int) -> dict[str, str]:
    return {f"field-{number}": "x" for number in range(count)}


def test_the_limits_are_what_they_were_chosen_to_be(app: Flask) -> None:
    """A change of one is made here too, on purpose."""
    assert (app.config["MAX_FORM_PARTS"], app.config["MAX_FORM_MEMORY_SIZE"]) == (1000, 1024 * 1024)


def test_a_form_of_too_many_parts_is_refused(cast: Cast) -> None:
    """One more than the most is too large, and the most is not."""
    for client in map(cast.client, ROLES):
        assert client.post(ADDRESS, data=_parts(FORM_PARTS_MAX + 1), content_type=MULTIPART).status_code == 413
        assert client.post(ADDRESS, data=_parts(FORM_PARTS_MAX), content_type=MULTIPART).status_code == 303


LONG = b"x" * (FORM_MEMORY_BYTES + 1)
SPELLED = {
    f"{MULTIPART}; boundary=b": b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n' + LONG + b"\r\n--b--\r\n",
    "application/x-www-form-urlencoded": b"name=" + LONG,
}
"""Type → a form with one long text."""


@pytest.mark.parametrize("kind", SPELLED, ids=["with files", "plain"])
def test_a_form_of_too_much_text_is_refused(cast: Cast, kind: str) -> None:
    """However it is spelled, and before it fills the memory."""
    for client in map(cast.client, ROLES):
        answer = client.post(ADDRESS, data=SPELLED[kind], content_type=kind)
        assert (answer.status_code, "Nothing was changed" in answer.text) == (413, True)
