"""The cover page of a folder on a stick: what is there, in the works' languages, for a person without a hub.

It runs no script, asks for nothing outside, and opens from the stick itself. It links what a browser opens directly;
lessons, quizzes and books become plain pages beside it (`reading`). Every text of a work is set apart and in its own
direction.
"""

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import PurePosixPath
from urllib.parse import quote

from content.channel_out import FOLDER
from content.errors import N_
from content.formats.exported import OPENED, places
from content.formats.kolibri_folder import STORAGE
from content.package import Item, Manifest
from hub import sentences
from hub.giving.asked import KOLIBRI, Asked
from hub.sound.pages import TRANSLATIONS, spoken

ENGLISH = "en"
LINKS_MAX = 200
"""Links of one work: an album or a channel may have thousands."""
STYLE = """
:root{color-scheme:light dark}
body{margin:0 auto;padding:1rem;max-width:44rem;font:1.06rem/1.5 system-ui,sans-serif;background:#FBF8F2;color:#1D2B2A}
h1,h2{text-wrap:balance;line-height:1.25}h1,h2,li,dd,p{overflow-wrap:anywhere}article{background:#fff;
border:1px solid #DDD6C8;border-radius:16px;padding:1rem;margin:1rem 0}
img,video{max-width:100%;height:auto}article>img{max-height:12rem;border-radius:8px}
a{color:#0F6B5C;display:inline-block;padding:.55rem 0}dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}
dt{color:#51605E}dd{margin:0}ul{padding-inline-start:1.2rem}section{border-top:1px solid #DDD6C8}
.said{white-space:pre-line}summary{color:#0F6B5C;padding:.7rem 0}nav a{padding:.7rem 1rem .7rem 0}
table{border-collapse:collapse}th,td{border:1px solid #DDD6C8;padding:.25rem .5rem}
@media(prefers-color-scheme:dark){body{background:#10191A;color:#EEF2EE}article{background:#182425;border-color:#2C3B3B}
a,summary{color:#6FD3BE}dt{color:#A9B8B4}}
"""
SAFE = "default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src 'unsafe-inline'"

ABOUT = N_("This folder holds works from a community library. What is underlined opens here, without the internet.")
ONTO_HUB = N_(
    "To put them onto a hub: put the stick into it, open “Library”, “Put something on the shelf”, and press “See what"
    " is on it”."
)
ONTO_KOLIBRI = N_(
    "To put them onto Kolibri: put the stick into it and import from this drive. They lie in the folder KOLIBRI_DATA"
    " beside this one; copy both."
)
LICENCE, AUTHOR, LANGUAGE, SIZE = N_("Licence"), N_("Made by"), N_("Language"), N_("Size")
UNTOLD = N_("no licence is told: ask whoever made it before you pass it on")
CHANGED = N_("Pass it on with this licence and the names of those who made it.")
ON_A_HUB = N_("The rest of it opens on a hub.")


@dataclass(frozen=True)
class Work:
    """One work: as learners see it, where its files lie below the folder of the cover (path → place), and the pages
    of what is read there (item → place)."""

    manifest: Manifest
    places: Mapping[str, str]
    read: Mapping[str, str]

    @property
    def folder(self) -> str:
        """Where all of it lies."""
        return str(PurePosixPath(next(iter(self.places.values()))).parents[2])


def own_places(manifest: Manifest, folder: str) -> dict[str, str]:
    """Where the files of a work lie that was written by `content.giving`."""
    return {path: f"{folder}/{place}" for path, place in places(manifest.files, is_readable=True).items()}


def kolibri_places(names: Mapping[str, str]) -> dict[str, str]:
    """Where the files of a channel lie, seen from the folder beside Kolibri's."""
    return {path: f"../{FOLDER}/content/{STORAGE}/{name[0]}/{name[1]}/{name}" for name, path in names.items()}


def page(asked: Asked, works: list[Work]) -> str:
    """The cover page, whole."""
    languages = _languages(works)
    about = "".join(_about(each, asked.form) for each in languages)
    body = f"<h1><bdi>{escape(asked.title)}</bdi></h1>{about}{''.join(map(_work, works))}"
    return whole(asked.title, languages[0], body)


def _languages(works: list[Work]) -> list[str]:
    """The languages of the works that pages speak, the most told first; English where they speak none."""
    told = [each.manifest.language.partition("-")[0] for each in works]
    known = set(spoken())
    found = sorted({each for each in told if each in known}, key=lambda each: (-told.count(each), each))
    return found or [ENGLISH]


def translated(language: str) -> gettext.NullTranslations:
    """The words of pages in the language of a work; English where pages do not speak it."""
    try:
        return gettext.translation("messages", str(TRANSLATIONS), [language.partition("-")[0]])
    except OSError:
        return gettext.NullTranslations()


def _about(language: str, form: str) -> str:
    say = translated(language).gettext
    onto = ONTO_KOLIBRI if form == KOLIBRI else ONTO_HUB
    return f"<section{marked(language)}><p>{escape(say(ABOUT))}</p><p>{escape(say(onto))}</p></section>"


def _work(work: Work) -> str:
    """One work, in its own language where pages speak that."""
    manifest, say = work.manifest, translated(work.manifest.language).gettext
    known = manifest.language if manifest.language.partition("-")[0] in spoken() else ENGLISH
    cover = work.places.get(manifest.cover, "") if opens(work, manifest.cover) else ""
    facts = [
        (say(AUTHOR), manifest.author),
        (say(LICENCE), manifest.licence or say(UNTOLD)),
        (say(LANGUAGE), sentences.language_in(manifest.language, known)),
        (say(SIZE), sentences.size_in(manifest.size_bytes, known)),
    ]
    links, is_all = _links(work)
    parts = [
        f"<h2{marked(manifest.language)}><bdi>{escape(manifest.title)}</bdi></h2>",
        f'<img src="{quote(cover)}" alt="">' if cover else "",
        f"<p{marked(manifest.language)}>{escape(manifest.summary)}</p>" if manifest.summary else "",
        f"<ul{marked(manifest.language)}>{links}</ul>" if links else "",
        "" if is_all else f"<p>{escape(say(ON_A_HUB))}</p>",
        f"<dl>{''.join(_fact(name, told) for name, told in facts if told)}</dl>",
        f"<p>{escape(say(CHANGED))}</p>" if manifest.licence else "",
    ]
    return f"<article{marked(known)}>{''.join(parts)}</article>"


def _fact(name: str, told: str) -> str:
    return f"<dt>{escape(name)}</dt><dd><bdi>{escape(told)}</bdi></dd>"


def _links(work: Work) -> tuple[str, bool]:
    """What a browser opens, as the items of a list; and whether that is all of it."""
    lines, is_all = [], True
    for item in work.manifest.items:
        found = _of_item(work, item)
        is_all = is_all and bool(found)
        for number, place in enumerate(found, start=1):
            more = f" {number}" if len(found) > 1 else ""
            lines.append(f'<li><a href="{quote(place)}"><bdi>{escape(item.title + more)}</bdi></a></li>')
    return "".join(lines[:LINKS_MAX]), is_all and len(lines) <= LINKS_MAX


def _of_item(work: Work, item: Item) -> list[str]:
    """Where the files of an item lie that a browser opens; none when it opens none of it."""
    if item.id in work.read:
        return [work.read[item.id]]
    if item.kind == "pictures":
        folder = PurePosixPath(item.path).parent
        found = [path for path in work.places if PurePosixPath(path).parent == folder and opens(work, path)]
        return [work.places[path] for path in sorted(found)]
    return [work.places[item.path]] if item.kind in ("pdf", "video", "audio") and opens(work, item.path) else []


def opens(work: Work, path: str) -> bool:
    """Whether a browser opens a file of a work by itself."""
    return PurePosixPath(work.places.get(path, "")).suffix in OPENED


def marked(language: str) -> str:
    """The attributes that say in which language a part is."""
    way = "rtl" if sentences.is_rtl(language) else "ltr"
    return f' lang="{escape(language)}" dir="{way}"'


def whole(title: str, language: str, body: str) -> str:
    """A whole page, which runs nothing and asks for nothing outside."""
    return (
        f'<!doctype html><html{marked(language)}><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width">'
        f'<meta http-equiv="Content-Security-Policy" content="{SAFE}">'
        f"<style>{STYLE}</style></head><body>{body}</body></html>"
    )
