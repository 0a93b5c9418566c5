"""Spoken in place of typed: proposals, questions, concerns and objections as recordings, a proposal with a photo."""

import io
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hub import clips
from hub.care import backup, restore
from hub.config import load
from hub.errors import InputWrong
from hub.forgetting import people as forgetting
from hub.governance import proposals, rounds
from hub.governance.proposals import Amendment, Words
from hub.governance.rounds import Speech
from hub.governance.standing import Proposal
from hub.node import Node, open_node
from hub.out import mine
from hub.people import roster
from hub.tables.governance import CLARIFYING, CONSENT
from tests.fixtures import engines, photos, sounds
from tests.fixtures.cast import OUTSIDER, ROLES, Cast
from tests.fixtures.deciding import Deciding
from tests.fixtures.microphone import BEEP_MS, FAKES
from tests.fixtures.web import PhoneOf

ROOT = "/community/decisions"
WORDS = Words("Open on Sundays", "We open on Sundays. One of us keeps the door.", "baobab", "en")


def _clip(node: Node, seconds: float = 0.1) -> str:
    return clips.keep_sound(node, sounds.wav(seconds))


@pytest.fixture
def opened(node: Node, cast: Cast) -> Proposal:
    """A proposal in its consent round."""
    made = proposals.open_proposal(node, actor=cast.person("steward"), words=WORDS)
    return proposals.move(node, actor=cast.person("steward"), proposal=made.id, step=CONSENT)


def _send(client: FlaskClient, address: str, sound: bytes = b"", photo: bytes = b"", **more: str) -> int:
    files = {"sound": sound, "photo": photo}
    sent = {name: (io.BytesIO(data), "recording") for name, data in files.items() if data}
    return client.post(address, data={**more, **sent}, content_type="multipart/form-data").status_code


def test_each_thing_can_be_said_with_a_voice_alone(node: Node, deciding: Deciding) -> None:
    """Kept once when sent twice; another recording is another word."""
    found, sound = deciding.opened(), _clip(node)
    spoken = Speech(deciding.joseph, deciding.joseph.id, "", "en", sound)
    for _ in range(2):
        rounds.remark(node, proposal=found.id, sort="reaction", speech=spoken)
        rounds.object_to(node, proposal=found.id, version=found.version.id, speech=spoken)
    read = deciding.read(found)
    assert [(each.text, each.sound) for each in read.remarks] == [("", sound)]
    assert [(each.reason, each.sound) for each in read.open_objections] == [("", sound)]
    other = Speech(deciding.joseph, deciding.joseph.id, "", "en", _clip(node, 0.2))
    rounds.object_to(node, proposal=found.id, version=found.version.id, speech=other)
    assert (len(deciding.read(found).objections), len(deciding.read(found).open_objections)) == (2, 1)


def test_a_spoken_concern_is_a_concern(node: Node, deciding: Deciding) -> None:
    """It stays beside the consent, also when the text has changed since; consented anew without one it is gone."""
    found, sound = deciding.opened(), _clip(node)
    speech = Speech(deciding.grace, deciding.grace.id, "", "en", sound)
    read = rounds.consent(node, proposal=found.id, version=found.version.id, speech=speech)
    assert [(each.sound, each.has_concern) for each in read.consenting] == [(sound, True)]
    assert [each.sound for each in deciding.amend(read).former_concerns] == [sound]
    again = deciding.consent(deciding.read(found), deciding.grace)
    assert [each.has_concern for each in again.consenting] == [False] and again.former_concerns == ()


def test_neither_words_nor_voice_is_nothing(node: Node, deciding: Deciding) -> None:
    """And a name that is none of ours is refused before anything is written."""
    found = deciding.opened()
    for sound, mistake in (("", "no words"), ("../../etc/passwd", "not here"), ("a" * 64, "not here")):
        speech = Speech(deciding.joseph, deciding.joseph.id, " ", "en", sound)
        with pytest.raises(InputWrong, match=mistake):
            rounds.object_to(node, proposal=found.id, version=found.version.id, speech=speech)
        with pytest.raises(InputWrong, match=mistake):
            rounds.remark(node, proposal=found.id, sort="question", speech=speech)
        with pytest.raises(InputWrong, match=mistake):
            proposals.open_proposal(node, actor=deciding.steward, words=Words("x", "", sound=sound))
    assert deciding.read(found) == found


def test_a_spoken_amendment_keeps_the_text_and_a_photo_stays(node: Node, deciding: Deciding) -> None:
    """A new recording asks everybody anew; a typed text without one leaves no voice that says something else."""
    photo = clips.keep_photo(node, photos.photo(64, 48))
    found = deciding.opened(Words("A lamp", "", sound=_clip(node), photo=photo))
    deciding.consent(found, deciding.joseph)
    new = _clip(node, 0.3)
    sent = {"actor": deciding.steward, "proposal": found.id}
    spoken = proposals.amend(node, **sent, amendment=Amendment(found.version.id, sound=new))
    assert (spoken.version.text, spoken.version.sound, spoken.version.photo) == ("", new, photo)
    assert spoken.consenting == () and len(spoken.line) == 2
    again = proposals.amend(node, **sent, amendment=Amendment(found.version.id, sound=new))
    assert len(again.line) == 2
    typed = proposals.amend(node, **sent, amendment=Amendment(spoken.version.id, "We buy a lamp."))
    assert (typed.version.text, typed.version.sound, typed.version.photo) == ("We buy a lamp.", "", photo)
    with pytest.raises(InputWrong, match="no words"):
        proposals.amend(node, **sent, amendment=Amendment(typed.version.id, " "))


@pytest.mark.parametrize("role", ROLES)
def test_whoever_has_a_voice_objects_by_it_on_the_page(node: Node, cast: Cast, opened: Proposal, role: str) -> None:
    """Everybody who may read it hears it; a guest and the region neither speak nor hear."""
    may = role not in ("learner", "neighbour", OUTSIDER, "region")
    address, version = f"{ROOT}/{opened.id}/say/objection/", opened.version.id
    answer = _send(cast.client(role), address, sounds.wav(), version=version, person=_whose(cast, role))
    assert answer == (303 if may else 403)
    found = proposals.proposal(node, opened.id).open_objections
    assert len(found) == int(may)
    sound = found[0].sound if may else _clip(node)
    heard = cast.client(role).get(f"{ROOT}/clip/{sound}")
    assert heard.status_code == {OUTSIDER: 303, "region": 403}.get(role, 200)
    if heard.status_code == 200:
        assert (heard.content_type, heard.data) == ("audio/wav", sounds.wav())
    if may:
        for page in ("", "minutes/", "amend/"):
            shown = cast.client("steward").get(f"{ROOT}/{opened.id}/{page}").text
            assert f'src="{ROOT}/clip/{sound}"' in shown


def _whose(cast: Cast, role: str) -> str:
    return "" if role == OUTSIDER else cast.person(role).id


def test_what_is_no_recording_is_refused_in_words(node: Node, cast: Cast, opened: Proposal) -> None:
    """Nothing is kept; nor is an empty concern a consent."""
    client, version = cast.client("partner"), opened.version.id
    for data in (b"not a sound", sounds.mp3(61.0)):
        assert _send(client, f"{ROOT}/{opened.id}/say/objection/", data, version=version) == 400
    assert _send(client, f"{ROOT}/{opened.id}/say/concern/", version=version, text=" ") == 400
    assert _send(client, f"{ROOT}/{opened.id}/say/concern/", sounds.wav(), version=version) == 303
    found = proposals.proposal(node, opened.id)
    assert ([each.has_concern for each in found.consenting], found.objections) == ([True], ())
    assert client.get(f"{ROOT}/clip/{'0' * 64}.wav").status_code == 404
    assert client.get(f"{ROOT}/clip/x").status_code == 404


def test_a_proposal_is_opened_by_voice_and_photo(node: Node, cast: Cast) -> None:
    """Without a title it is called by its day; the photo carries no note of the place."""
    client = cast.client("steward")
    assert _send(client, f"{ROOT}/new/", sounds.wav(), photos.photo(64, 48)) == 303
    found = proposals.proposal(node, node.tables.Proposal.get().id)
    assert found.title.startswith("Proposal of ") and (found.version.text, found.step) == ("", CLARIFYING)
    for page in ("", "minutes/"):
        shown = client.get(f"{ROOT}/{found.id}/{page}").text
        assert f"clip/{found.version.sound}" in shown and f"clip/{found.version.photo}" in shown
    assert photos.PLACE_WORDS not in clips.path(node, found.version.photo).read_bytes()
    assert _send(client, f"{ROOT}/{found.id}/amend/", sounds.wav(0.2), version=found.version.id) == 303
    assert "The new recording" in client.get(f"{ROOT}/{found.id}/").text
    assert _send(client, f"{ROOT}/new/") == 400


def test_what_nobody_names_goes_and_what_is_said_stays(node: Node, deciding: Deciding) -> None:
    """A file that a refused form left is cleared away; one that a record names is not."""
    found, kept, left = deciding.opened(), _clip(node), _clip(node, 0.5)
    speech = Speech(deciding.joseph, deciding.joseph.id, "", "en", kept)
    rounds.object_to(node, proposal=found.id, version=found.version.id, speech=speech)
    clips.clear_away(node, old_ms=0)
    assert (clips.served(node, kept) is not None, clips.served(node, left)) == (True, None)


def test_a_voice_goes_with_the_person(node: Node, deciding: Deciding) -> None:
    """What they said goes whole; of a proposal they put in others' hands, the voice and the photo."""
    photo = clips.keep_photo(node, photos.photo(64, 48))
    voices = [_clip(node, each / 10) for each in (1, 2)]
    words = Words("A lamp", "We buy a lamp.", sound=voices[0], photo=photo)
    roster.give_role(node, person=deciding.joseph.id, role="steward")
    joseph = roster.person(node, deciding.joseph.id)
    made = proposals.open_proposal(node, actor=joseph, words=words)
    speech = Speech(joseph, joseph.id, "", "en", voices[1])
    rounds.remark(node, proposal=made.id, sort="question", speech=speech)
    assert mine.clips(node, joseph.id) == sorted([*voices, photo])
    forgetting.forget(node, person=joseph.id)
    forgetting.clean(node)
    found = proposals.proposal(node, made.id)
    assert (found.version.text, found.version.sound, found.version.photo, found.remarks) == (
        "We buy a lamp.",
        "",
        "",
        (),
    )
    assert not [each for each in (node.home / clips.FOLDER).glob("*/*")]


@pytest.mark.sqlite(engines.FILE)
def test_a_backup_carries_it(node: Node, deciding: Deciding, tmp_path: Path) -> None:
    """A restored hub speaks as before."""
    sound = _clip(node)
    found = deciding.opened(Words("A lamp", "", sound=sound))
    file, home = backup.make(node, node.home / backup.FOLDER), tmp_path / "restored"
    restore.restore(home, file, as_new_hub=True)
    with closing(open_node(home, load(home, {}, {}))) as again:
        assert proposals.proposal(again, found.id).version.sound == sound
        assert clips.path(again, sound).read_bytes() == sounds.wav()


@pytest.mark.browser
def test_somebody_who_does_not_write_objects_alone(
    cast: Cast, node: Node, opened: Proposal, phone_with: PhoneOf
) -> None:
    """By drawings and the microphone: pressed, spoken, heard, sent; no letter is typed."""
    page = phone_with("partner", f"{ROOT}/{opened.id}/", *FAKES)
    page.locator("main .choice:has(use[href$='#stop'])").click()
    page.locator("[data-record]").click()
    page.locator("[data-record]:has-text('Stop')").wait_for()
    page.wait_for_timeout(BEEP_MS)
    page.locator("[data-record]").click()
    page.locator("#heard").wait_for()
    page.locator("main form .button.main").click()
    page.locator("main .list audio").first.wait_for()
    objection = proposals.proposal(node, opened.id).open_objections[0]
    assert (objection.person, objection.reason) == (cast.person("partner").id, "")
    assert clips.served(node, objection.sound) is not None
