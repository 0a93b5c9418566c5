"""What the pages of the tide call things: the rules of what leaves, audiences, kinds of record and of slow work."""

import json
from typing import Any

from flask_babel import lazy_gettext

from hub import jobs, pictures, sentences, sticks, undoing, uploads, wholeness, zims
from hub.collections import fetch, own, shelves
from hub.giving import asked, bundles
from hub.out import forward, parcel
from hub.sound import speaking
from hub.tide import policy, report
from hub.tide.publish import Copy
from hub.vocabulary import ACTIVITY
from hub.web import words
from hub.writing import publishing

NAME_LETTERS = 6
"""Of a made-up name, what tells two apart on one page."""
KINDS: dict[str, object] = {
    "hub": lazy_gettext("What this hub is called"),
    "hub.package": lazy_gettext("What stands on the shelf"),
    "statement": lazy_gettext("What was learned"),
}
AUDIENCES: dict[str, object] = {
    "public": lazy_gettext("every hub we exchange with"),
    "region": lazy_gettext("our region only"),
}
HOWS: dict[str, object] = {
    policy.AS_IT_IS: lazy_gettext("as it is"),
    policy.UNDER_A_PSEUDONYM: lazy_gettext("under a made-up name"),
    policy.NEVER: lazy_gettext("never"),
}
BY_CONSENT: dict[str, object] = {
    "": lazy_gettext("Who was not asked yet"),
    "yes": lazy_gettext("Who said yes"),
    "no": lazy_gettext("Who said no, or took it back"),
}
CONSENT_ICONS = {"": "wait", "yes": "yes", "no": "no"}
ICONS = {"hub": "home", "hub.package": "library", "statement": "learning"}
JOBS: dict[str, object] = {
    "sync": lazy_gettext("The tide"),
    "join": lazy_gettext("Joining another hub"),
    "listen": lazy_gettext("Listening for hubs nearby"),
    "import": lazy_gettext("Putting on the shelf"),
    "people": lazy_gettext("Taking in a list of people"),
    "backup": lazy_gettext("Backup"),
    zims.JOB: lazy_gettext("Making an encyclopaedia findable"),
    publishing.JOB: lazy_gettext("Putting a lesson on the shelf"),
    pictures.JOB: lazy_gettext("Making pictures lighter"),
    speaking.JOB: lazy_gettext("Giving sentences a voice"),
    forward.JOB: lazy_gettext("What is sent on"),
    parcel.JOB: lazy_gettext("Everything in one file"),
    parcel.CLEAR_JOB: lazy_gettext("Clearing away what nobody fetched"),
    fetch.JOB: lazy_gettext("Fetching from other hubs"),
    fetch.LOOK_JOB: lazy_gettext("Looking what other hubs offer"),
    own.JOB: lazy_gettext("Offering a collection"),
    shelves.JOB: lazy_gettext("Noting what stands in which collection"),
    sticks.JOB: lazy_gettext("Looking at a stick"),
    asked.JOB: lazy_gettext("Putting works on a stick"),
    bundles.OUT_JOB: lazy_gettext("Writing the tide onto a stick"),
    bundles.IN_JOB: lazy_gettext("Taking in the tide from a stick"),
    wholeness.JOB: lazy_gettext("Reading all files of the library"),
    wholeness.HEAL_JOB: lazy_gettext("Mending files from other hubs"),
    uploads.CLEAR_JOB: lazy_gettext("Clearing away what nobody fetched"),
    undoing.CLEAR_JOB: lazy_gettext("Letting go of what was taken off the shelf"),
    jobs.FORGET: lazy_gettext("Taking what was cleared off the disk"),
}


def for_templates() -> dict[str, Any]:
    """The words and functions that every page of the tide uses."""
    return {
        "kinds": KINDS,
        "audiences": AUDIENCES,
        "hows": HOWS,
        "icons": ICONS,
        "by_consent": [(BY_CONSENT[each.says], CONSENT_ICONS[each.says], each) for each in policy.BY_CONSENT],
        "stays": policy.STAYS,
        "job_names": JOBS,
        "when": report.clock_time,
        "size": words.size,
        "told": lambda tide: sentences.speak(report.told(tide)),
        "said": said,
    }


def said(copy: Copy) -> str:
    """What one copy says, in short; its bytes say it in full."""
    payload = json.loads(copy.payload)
    if copy.kind != "statement":
        fields = payload["set"]
        return str(fields.get("title") or fields.get("name") or payload["id"])
    raw = payload["raw"]
    who = str(raw["actor"]["account"]["name"])[:NAME_LETTERS]
    what = str(raw["object"]["id"]).removeprefix(ACTIVITY).replace(":", " › ")
    return f"{who}… · {raw['verb']['id'].rpartition('/')[2]} · {what}"
