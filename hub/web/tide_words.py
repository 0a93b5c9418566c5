"""What the pages of the tide call things: the rules of what leaves, audiences, kinds of record and of slow work."""

from typing import Any

from flask_babel import lazy_gettext

from hub import after_tide, jobs, pictures, sentences, sticks, undoing, uploads, wholeness, zims
from hub.collections import fetch, own, shelves
from hub.forgetting import backups, heard
from hub.forgetting import people as forgetting
from hub.giving import asked, bundles
from hub.moving import making, opening
from hub.node import Node
from hub.out import forward, parcel
from hub.sharing import read, rows
from hub.sound import speaking
from hub.tide import coming, leaving, policy, publish, report, spoken
from hub.web import words
from hub.writing import publishing
from sync.erasing import ERASE

TIDE_KEEPERS = ("librarian", "steward", "region")
"""Who may join hubs, go to the tide, and read record by record what leaves."""
KINDS: dict[str, object] = {
    "hub": lazy_gettext("What this hub is called"),
    "hub.package": lazy_gettext("What stands on the shelf"),
    policy.CERTIFICATE: lazy_gettext("Who belongs to the region"),
    "statement": lazy_gettext("What was learned"),
    "person": lazy_gettext("Who is here"),
    "circle": lazy_gettext("Which groups there are"),
    policy.COUNTED: lazy_gettext("A count of many"),
    policy.NAMED_PERSON: lazy_gettext("Who is here"),
    policy.NAMED_CIRCLE: lazy_gettext("Which groups there are"),
    policy.RECEIPT: lazy_gettext("A receipt for another hub"),
    policy.JOINT: lazy_gettext("What we hold together"),
    ERASE: lazy_gettext("What was taken back"),
}
AUDIENCES: dict[str, object] = {
    "public": lazy_gettext("every hub we exchange with"),
    "region": lazy_gettext("our region only"),
}
HOWS: dict[str, object] = {
    rows.AS_IT_IS: lazy_gettext("as it is"),
    rows.BY_NAME: lazy_gettext("by name"),
    rows.UNDER_A_PSEUDONYM: lazy_gettext("under a made-up name"),
    rows.COUNTS: lazy_gettext("as counts of many only"),
    rows.NEVER: lazy_gettext("never"),
}
WAYS: dict[str, tuple[object, str, str]] = {
    read.OPEN: (lazy_gettext("as it is"), "page", "leaf"),
    read.NAMED: (lazy_gettext("with the name"), "person", "clay"),
    read.MADE_UP: (lazy_gettext("under a made-up name"), "hand", "tide"),
    read.GROUPED: (lazy_gettext("only as a count of many"), "people", "tide"),
    read.NEVER: (lazy_gettext("never"), "lock", "clay"),
}
"""The way in which something leaves → its words, its drawing and its colour."""
BECAUSE: dict[str, object] = {
    "hub": lazy_gettext("so that others know this hub by its name"),
    "hub.package": lazy_gettext("so that others can ask for what stands on our shelf"),
    policy.CERTIFICATE: lazy_gettext("so that every hub knows who belongs to the region"),
    "statement": lazy_gettext("so that the region sees what is learned, and not by whom"),
    "person": lazy_gettext("so that two places that share people know each other's"),
    "circle": lazy_gettext("so that two places that share people know each other's"),
}
BY_CONSENT: dict[str, object] = {
    "": lazy_gettext("Who was not asked yet"),
    "yes": lazy_gettext("Who said yes"),
    "no": lazy_gettext("Who said no, or took it back"),
}
CONSENT_ICONS = {"": "wait", "yes": "yes", "no": "no"}
ICONS = {"hub": "home", "hub.package": "library", "statement": "learning", "person": "people", "circle": "community"}
ICONS |= {policy.COUNTED: "chart", policy.NAMED_PERSON: "people", policy.NAMED_CIRCLE: "community"}
ICONS |= {policy.CERTIFICATE: "region", policy.JOINT: "swap"}
JOBS: dict[str, object] = {
    "sync": lazy_gettext("The tide"),
    publish.JOB: lazy_gettext("Letting go what an earlier policy kept"),
    "join": lazy_gettext("Joining another hub"),
    leaving.JOB: lazy_gettext("Leaving the region"),
    after_tide.JOB: lazy_gettext("Doing what the tide brought"),
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
    making.JOB: lazy_gettext("Packing for a move"),
    opening.JOB: lazy_gettext("Taking in somebody who moved"),
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
    forgetting.JOB: lazy_gettext("Taking what was forgotten off the disk"),
    heard.JOB: lazy_gettext("Taking what was erased elsewhere off this disk"),
    backups.JOB: lazy_gettext("Making backups anew"),
    jobs.FORGET: lazy_gettext("Taking what was cleared off the disk"),
}


def for_templates() -> dict[str, Any]:
    """The words and functions that every page of the tide uses."""
    return {
        "kinds": KINDS,
        "audiences": AUDIENCES,
        "hows": HOWS,
        "icons": ICONS,
        "because": BECAUSE,
        "stays": policy.STAYS,
        "job_names": JOBS,
        "when": report.clock_time,
        "size": words.size,
        "told": lambda tide: sentences.speak(report.told(tide)),
        "said": spoken.said,
    }


def by_consent(held: rows.Policy) -> list[tuple[object, str, policy.ByConsent]]:
    """What each word of a person makes of learning, with its name and its drawing."""
    return [(BY_CONSENT[each.says], CONSENT_ICONS[each.says], each) for each in policy.by_consent(held)]


def next_tides(here: Node) -> list[tuple[str, list[str]]]:
    """When each next tide goes, and in sentences what goes with it."""
    return [(coming.when(each), coming.says(here, each)) for each in coming.coming(here)]
