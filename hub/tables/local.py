"""Node-local tables: what belongs to this machine alone and is not in the journal.

They change only by adding a step at the end of STEPS; a step that has been released is never edited. `{bytes}` in one
stands for the database's own name of a column of bytes.
"""

import peewee

from hub.tables import tides, writing


class Credential(peewee.Model):
    """A person's secret, hashed; `kind` is picture, pin or passphrase, or new while the person may choose one."""

    person = peewee.TextField(primary_key=True)
    kind = peewee.TextField()
    secret = peewee.TextField()
    changed_ms = peewee.BigIntegerField()


class SignIn(peewee.Model):
    """Somebody signed in on some browser; `id` is the SHA-256 of the cookie's token.

    `device` is how the browser is used (shared or personal), `label` what it calls itself.
    """

    id = peewee.TextField(primary_key=True)
    person = peewee.TextField()
    device = peewee.TextField()
    label = peewee.TextField()
    begun_ms = peewee.BigIntegerField()
    seen_ms = peewee.BigIntegerField()


class Attempt(peewee.Model):
    """Tries within a while for one person or from one address; `first_ms` is when the while, or the rest, began."""

    id = peewee.TextField(primary_key=True)
    count = peewee.IntegerField()
    first_ms = peewee.BigIntegerField()


class Job(peewee.Model):
    """Slow work that survives a power cut; `state` is waiting, running, done or stopped."""

    id = peewee.TextField(primary_key=True)
    kind = peewee.TextField()
    arguments = peewee.TextField()
    state = peewee.TextField()
    progress = peewee.TextField()
    made_ms = peewee.BigIntegerField()
    changed_ms = peewee.BigIntegerField()
    tries = peewee.IntegerField()


class Note(peewee.Model):
    """A small fact of this node by name, as JSON text."""

    name = peewee.TextField(primary_key=True)
    value = peewee.TextField()


class Key(peewee.Model):
    """A credential of an outside tool; `scopes` are words parted by spaces.

    `maker` is the person who made it, "" for the command; `until_ms` is when it ends by itself, 0 for never; `used_ms`
    is when it last opened something, to the hour, 0 for never.
    """

    id = peewee.TextField(primary_key=True)
    name = peewee.TextField()
    secret = peewee.TextField()
    scopes = peewee.TextField()
    made_ms = peewee.BigIntegerField()
    is_revoked = peewee.IntegerField()
    maker = peewee.TextField()
    until_ms = peewee.BigIntegerField()
    used_ms = peewee.BigIntegerField()


class Tide(peewee.Model):
    """One exchange with another hub, as it went; `report` is JSON text."""

    id = peewee.TextField(primary_key=True)
    peer = peewee.TextField()
    begun_ms = peewee.BigIntegerField()
    ended_ms = peewee.BigIntegerField()
    report = peewee.TextField()


class Peer(peewee.Model):
    """A hub that this one exchanges with; `url` is where we knock, empty when only the other one comes to us.

    `sends` and `takes` are audiences parted by spaces; `seen_ms` is when it last spoke with us.
    """

    id = peewee.TextField(primary_key=True)
    name = peewee.TextField()
    url = peewee.TextField()
    sends = peewee.TextField()
    takes = peewee.TextField()
    joined_ms = peewee.BigIntegerField()
    seen_ms = peewee.BigIntegerField()


class Invite(peewee.Model):
    """A join code that was given out, as the key it stands for; `used_by` is the one hub that joined with it."""

    id = peewee.TextField(primary_key=True)
    key = peewee.TextField()
    used_by = peewee.TextField()
    made_ms = peewee.BigIntegerField()
    tries = peewee.IntegerField()


class PageSentence(peewee.Model):
    """A sentence of our own pages that was looked at without a sound; `id` is its key (`content.spoken`)."""

    id = peewee.TextField(primary_key=True)
    language = peewee.TextField()
    text = peewee.TextField()
    asked_ms = peewee.BigIntegerField()


class Document(peewee.Model):
    """A document that a tool or an activity keeps here (`hub.xapi.documents`); `id` is the hash of its place.

    `kind` is the resource; `activity` and `agent` are keys as the statements have them, "" where it is not of one;
    `registration` is the sitting or "". `address` is JSON: the words it was sent to. `etag` is the SHA-1 of the body.
    """

    id = peewee.TextField(primary_key=True)
    kind = peewee.TextField()
    activity = peewee.TextField()
    agent = peewee.TextField()
    registration = peewee.TextField()
    name = peewee.TextField()
    address = peewee.TextField()
    content_type = peewee.TextField()
    etag = peewee.TextField()
    changed_ms = peewee.BigIntegerField()
    body = peewee.BlobField()


class Destination(peewee.Model):
    """An outside store of learning records; `sharing` is JSON text, what goes there and how (`hub.out.sharing`).

    `state` is active, paused, stopped or removed; `problem` the last sentence about what went wrong, "" for nothing.
    `fails` counts tries in a row that failed, `next_ms` is when the next one is due; `nos` is how many noes were looked
    at; `latest` is JSON text, the last statements as they were sent. `hub` is whose records they are.
    """

    id = peewee.TextField(primary_key=True)
    hub = peewee.TextField()
    name = peewee.TextField()
    url = peewee.TextField()
    version = peewee.TextField()
    username = peewee.TextField()
    sharing = peewee.TextField()
    state = peewee.TextField()
    problem = peewee.TextField()
    fails = peewee.IntegerField()
    next_ms = peewee.BigIntegerField()
    made_ms = peewee.BigIntegerField()
    last_ms = peewee.BigIntegerField()
    latest = peewee.TextField()


class Forwarded(peewee.Model):
    """One statement that went, or may have gone, to a destination; `statement` is its id here, `person` its actor.

    `state` is going, sent, known (the other side has another one under its id), refused, or voided there since.
    """

    id = peewee.TextField(primary_key=True)
    destination = peewee.TextField()
    statement = peewee.TextField()
    person = peewee.TextField()
    state = peewee.TextField()
    why = peewee.TextField()
    at_ms = peewee.BigIntegerField()


class Unanswered(peewee.Model):
    """A search that found nothing: its folded words, in how many spells it was asked, and when last.

    `instead` is what was looked for in its place, "" for nothing. Who asked is not kept.
    """

    words = peewee.TextField(primary_key=True)
    times = peewee.IntegerField()
    last_ms = peewee.BigIntegerField()
    instead = peewee.TextField()


class Collection(peewee.Model):
    """A named, ordered set of packages; `packages` is a JSON list of their ids.

    `version` counts its publications, 0 for none; `text` and `signature` (hex) are the last one, as other hubs get it.
    """

    id = peewee.TextField(primary_key=True)
    title = peewee.TextField()
    summary = peewee.TextField()
    packages = peewee.TextField()
    version = peewee.IntegerField()
    text = peewee.TextField()
    signature = peewee.TextField()
    made_ms = peewee.BigIntegerField()
    changed_ms = peewee.BigIntegerField()


class Offer(peewee.Model):
    """A collection that another hub offers; `id` is the hub's and the collection's, parted by a colon."""

    id = peewee.TextField(primary_key=True)
    peer = peewee.TextField()
    collection = peewee.TextField()
    version = peewee.IntegerField()
    text = peewee.TextField()
    signature = peewee.TextField()
    seen_ms = peewee.BigIntegerField()


class Subscription(peewee.Model):
    """A collection of elsewhere that this hub takes; `id` is the collection's, `publisher` the hub that was pinned.

    `text` and `signature` are the edition that is taken; `chosen` is a JSON list of package ids, "" for all; `held`
    one of those that came. `state` is active or paused; `is_asked` says that somebody wants it now, whatever the hour.
    """

    id = peewee.TextField(primary_key=True)
    publisher = peewee.TextField()
    version = peewee.IntegerField()
    text = peewee.TextField()
    signature = peewee.TextField()
    chosen = peewee.TextField()
    held = peewee.TextField()
    priority = peewee.IntegerField()
    is_night = peewee.IntegerField()
    is_asked = peewee.IntegerField()
    state = peewee.TextField()
    problem = peewee.TextField()
    fails = peewee.IntegerField()
    next_ms = peewee.BigIntegerField()
    made_ms = peewee.BigIntegerField()


class Erasure(peewee.Model):
    """Somebody was forgotten, and nobody is named: when, on whose wish, and how many entries went.

    `state` is begun until it is off the disk of this machine, then clean.
    """

    id = peewee.TextField(primary_key=True)
    made_ms = peewee.BigIntegerField()
    wish = peewee.TextField()
    entries = peewee.IntegerField()
    state = peewee.TextField()


class ErasurePlace(peewee.Model):
    """A hub that is to erase the same; `proved_ms` is when it showed that it had, 0 while it did not."""

    id = peewee.TextField(primary_key=True)
    erasure = peewee.TextField()
    hub = peewee.TextField()
    proved_ms = peewee.BigIntegerField()


MODELS = (
    Credential,
    SignIn,
    Attempt,
    Job,
    Note,
    Key,
    Tide,
    Peer,
    Invite,
    PageSentence,
    *writing.MODELS,
    Document,
    Destination,
    Forwarded,
    Unanswered,
    Collection,
    Offer,
    Subscription,
    Erasure,
    ErasurePlace,
    *tides.MODELS,
)

STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE credential (person TEXT PRIMARY KEY, kind TEXT NOT NULL, secret TEXT NOT NULL,"
        " changed_ms BIGINT NOT NULL)",
        "CREATE TABLE signin (id TEXT PRIMARY KEY, person TEXT NOT NULL, device TEXT NOT NULL,"
        " label TEXT NOT NULL, begun_ms BIGINT NOT NULL, seen_ms BIGINT NOT NULL)",
        "CREATE INDEX signin_person ON signin (person)",
        "CREATE TABLE attempt (id TEXT PRIMARY KEY, count INTEGER NOT NULL, first_ms BIGINT NOT NULL)",
        "CREATE TABLE job (id TEXT PRIMARY KEY, kind TEXT NOT NULL, arguments TEXT NOT NULL, state TEXT NOT NULL,"
        " progress TEXT NOT NULL, made_ms BIGINT NOT NULL, changed_ms BIGINT NOT NULL, tries INTEGER NOT NULL)",
        "CREATE INDEX job_state ON job (state, made_ms)",
        "CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
        "CREATE TABLE key (id TEXT PRIMARY KEY, name TEXT NOT NULL, secret TEXT NOT NULL, scopes TEXT NOT NULL,"
        " made_ms BIGINT NOT NULL, is_revoked INTEGER NOT NULL)",
        "CREATE TABLE tide (id TEXT PRIMARY KEY, peer TEXT NOT NULL, begun_ms BIGINT NOT NULL,"
        " ended_ms BIGINT NOT NULL, report TEXT NOT NULL)",
        "CREATE TABLE peer (id TEXT PRIMARY KEY, name TEXT NOT NULL, url TEXT NOT NULL, sends TEXT NOT NULL,"
        " takes TEXT NOT NULL, joined_ms BIGINT NOT NULL, seen_ms BIGINT NOT NULL)",
        "CREATE TABLE invite (id TEXT PRIMARY KEY, key TEXT NOT NULL, used_by TEXT NOT NULL, made_ms BIGINT NOT NULL,"
        " tries INTEGER NOT NULL)",
    ),
    (
        "CREATE TABLE pagesentence (id TEXT PRIMARY KEY, language TEXT NOT NULL, text TEXT NOT NULL,"
        " asked_ms BIGINT NOT NULL)",
    ),
    (
        "CREATE TABLE draft (id TEXT PRIMARY KEY, person TEXT NOT NULL, package TEXT NOT NULL,"
        " version INTEGER NOT NULL, body TEXT NOT NULL, made_ms BIGINT NOT NULL, changed_ms BIGINT NOT NULL)",
        "CREATE TABLE edition (id TEXT PRIMARY KEY, draft TEXT NOT NULL, version INTEGER NOT NULL,"
        " person TEXT NOT NULL, body TEXT NOT NULL, made_ms BIGINT NOT NULL)",
        "CREATE INDEX edition_draft ON edition (draft, version)",
    ),
    (
        "ALTER TABLE key ADD COLUMN maker TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE key ADD COLUMN until_ms BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE key ADD COLUMN used_ms BIGINT NOT NULL DEFAULT 0",
    ),
    (
        "CREATE TABLE document (id TEXT PRIMARY KEY, kind TEXT NOT NULL, activity TEXT NOT NULL, agent TEXT NOT NULL,"
        " registration TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL, content_type TEXT NOT NULL,"
        " etag TEXT NOT NULL, changed_ms BIGINT NOT NULL, body {bytes} NOT NULL)",
        "CREATE INDEX document_series ON document (kind, activity, agent, registration)",
        "CREATE INDEX document_agent ON document (agent)",
    ),
    (
        "CREATE TABLE destination (id TEXT PRIMARY KEY, hub TEXT NOT NULL, name TEXT NOT NULL, url TEXT NOT NULL,"
        " version TEXT NOT NULL, username TEXT NOT NULL, sharing TEXT NOT NULL, state TEXT NOT NULL,"
        " problem TEXT NOT NULL, fails INTEGER NOT NULL, next_ms BIGINT NOT NULL, made_ms BIGINT NOT NULL,"
        " last_ms BIGINT NOT NULL, latest TEXT NOT NULL)",
        "CREATE TABLE forwarded (id TEXT PRIMARY KEY, destination TEXT NOT NULL, statement TEXT NOT NULL,"
        " person TEXT NOT NULL, state TEXT NOT NULL, why TEXT NOT NULL, at_ms BIGINT NOT NULL)",
        "CREATE INDEX forwarded_state ON forwarded (destination, state)",
        "CREATE INDEX forwarded_person ON forwarded (person, destination)",
    ),
    (
        "CREATE TABLE unanswered (words TEXT PRIMARY KEY, times INTEGER NOT NULL, last_ms BIGINT NOT NULL,"
        " instead TEXT NOT NULL)",
    ),
    (
        "CREATE TABLE collection (id TEXT PRIMARY KEY, title TEXT NOT NULL, summary TEXT NOT NULL,"
        " packages TEXT NOT NULL, version INTEGER NOT NULL, text TEXT NOT NULL, signature TEXT NOT NULL,"
        " made_ms BIGINT NOT NULL, changed_ms BIGINT NOT NULL)",
        "CREATE TABLE offer (id TEXT PRIMARY KEY, peer TEXT NOT NULL, collection TEXT NOT NULL,"
        " version INTEGER NOT NULL, text TEXT NOT NULL, signature TEXT NOT NULL, seen_ms BIGINT NOT NULL)",
        "CREATE TABLE subscription (id TEXT PRIMARY KEY, publisher TEXT NOT NULL, version INTEGER NOT NULL,"
        " text TEXT NOT NULL, signature TEXT NOT NULL, chosen TEXT NOT NULL, held TEXT NOT NULL,"
        " priority INTEGER NOT NULL, is_night INTEGER NOT NULL, is_asked INTEGER NOT NULL, state TEXT NOT NULL,"
        " problem TEXT NOT NULL, fails INTEGER NOT NULL, next_ms BIGINT NOT NULL, made_ms BIGINT NOT NULL)",
    ),
    (
        "ALTER TABLE draft ADD COLUMN stage TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE draft ADD COLUMN note TEXT NOT NULL DEFAULT ''",
        "CREATE TABLE draftstep (id TEXT PRIMARY KEY, draft TEXT NOT NULL, person TEXT NOT NULL,"
        " number INTEGER NOT NULL, sent TEXT NOT NULL, body TEXT NOT NULL, is_undone INTEGER NOT NULL,"
        " at_ms BIGINT NOT NULL)",
        "CREATE INDEX draftstep_draft ON draftstep (draft, number)",
    ),
    (
        "CREATE TABLE bank (id TEXT PRIMARY KEY, person TEXT NOT NULL, body TEXT NOT NULL, made_ms BIGINT NOT NULL,"
        " changed_ms BIGINT NOT NULL)",
    ),
    (
        "CREATE TABLE erasure (id TEXT PRIMARY KEY, made_ms BIGINT NOT NULL, wish TEXT NOT NULL,"
        " entries INTEGER NOT NULL, state TEXT NOT NULL)",
        "CREATE TABLE erasureplace (id TEXT PRIMARY KEY, erasure TEXT NOT NULL, hub TEXT NOT NULL,"
        " proved_ms BIGINT NOT NULL)",
    ),
    (
        "CREATE TABLE brokenstream (id TEXT PRIMARY KEY, peer TEXT NOT NULL, root TEXT NOT NULL, place TEXT NOT NULL,"
        " kind TEXT NOT NULL, why TEXT NOT NULL, since_ms BIGINT NOT NULL)",
        "CREATE TABLE brought (id TEXT PRIMARY KEY, day BIGINT NOT NULL, size_bytes BIGINT NOT NULL,"
        " records BIGINT NOT NULL)",
    ),
)
