"""What a package is, said on its page for machines: schema.org's LearningResource, with the terms that came from LRMI.

A data block (JSON-LD 1.1, 7.1) that browsers never run, so that the page's policy has nothing against it. Harvesters
and search programs that read pages need no second request. https://schema.org/LearningResource names the terms.
"""

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from content import packed
from content.facets import works_without_sound
from content.package import Manifest, field_id
from hub import vocabulary
from hub.web import origins
from hub.web.files import kept_kind

PACKAGE = "urn:mangrove:package:"
"""Before the id of a package, here and in the catalogue: the same on every hub."""
GOALS = "http://metadata.un.org/sdg/"
"""Names of the United Nations for the goals and their targets: 6, 6.1."""
NOT_TOLD = "und"
"""The language of what does not tell its language."""
KILO = 1_000
_CREATIVE = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)", re.IGNORECASE)
_ZERO = "CC0-1.0"

EDUCATIONAL_USES = {"exercise": "practice", "test": "assessment", "reference": "reference", "guide": "instruction"}
"""How a kind of use is said as LRMI's educationalUse; others are said by their own name alone."""
NO_OTHERS: Mapping[str, str] = MappingProxyType({})
Terms = dict[str, Any]


def described(manifest: Manifest, *, image: str = "", others: Mapping[str, str] = NO_OTHERS) -> Markup:
    """The text of the data block; no title in it can end the element that it stands in.

    `image` is the address of what stands for the package, "" for none; `others` are its abilities from other works,
    name → sentence.
    """
    terms = {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "@id": f"{PACKAGE}{manifest.id}",
        **{name: value for name, value in _terms(manifest, image, others).items() if value},
    }
    return htmlsafe_json_dumps(terms, json.dumps, ensure_ascii=False, separators=(",", ":"))


def _terms(manifest: Manifest, image: str, others: Mapping[str, str]) -> Terms:
    """Term → what is told, "" or an empty list where nothing is."""
    minutes = manifest.minutes_told
    return {
        "name": manifest.title,
        "description": manifest.summary,
        "url": f"{origins.pages()}/library/{manifest.id}/",
        "image": origins.pages() + image if image else "",
        "inLanguage": manifest.language if manifest.language != NOT_TOLD else "",
        "license": _licence(manifest.licence),
        "author": {"name": manifest.author} if manifest.author else "",
        "version": manifest.version,
        "datePublished": manifest.published,
        "isAccessibleForFree": True,
        "educationalLevel": manifest.level,
        "audience": _audience(manifest),
        "learningResourceType": list(dict.fromkeys(filter(None, [manifest.use, *(i.kind for i in manifest.items)]))),
        "educationalUse": EDUCATIONAL_USES.get(manifest.use, ""),
        "timeRequired": f"PT{minutes}M" if minutes else "",
        "teaches": _competencies(manifest, others),
        "about": [_goal(each) for each in manifest.sdg],
        "keywords": list(manifest.keywords),
        "typicalAgeRange": _ages(manifest),
        "accessModeSufficient": "visual" if all(works_without_sound(manifest, each) for each in manifest.items) else "",
        "encoding": _encoding(manifest) if packed.is_offered(manifest) else "",
    }


def _ages(manifest: Manifest) -> str:
    """From which age on all of it is meant; "" for every age."""
    youngest = min((item.from_age for item in manifest.items), default=0)
    return f"{youngest}-" if youngest else ""


def _licence(name: str) -> str | Terms:
    """The address of a Creative Commons licence, which programs know; any other licence by its name."""
    found = _CREATIVE.fullmatch(name)
    if found:
        return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
    if name.upper() == _ZERO:
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    return {"@type": "CreativeWork", "name": name} if name else ""


def _audience(manifest: Manifest) -> list[Terms]:
    """For whom it is, and who works with it."""
    told: list[Terms] = [{"@type": "Audience", "audienceType": each} for each in manifest.audience]
    return told + ([{"@type": "EducationalAudience", "educationalRole": manifest.role}] if manifest.role else [])


def _competencies(manifest: Manifest, others: Mapping[str, str]) -> list[Terms]:
    """Under the names that learning records give them, the same in every translation."""
    own = {field_id(manifest, each.id): each.statement for each in manifest.competencies}
    return [
        {"@type": "DefinedTerm", "@id": vocabulary.competency(name), "name": says}
        for name, says in {**own, **others}.items()
    ]


def _goal(goal: str) -> Terms:
    return {"@type": "DefinedTerm", "@id": f"{GOALS}{goal}", "termCode": goal, "name": f"SDG {goal}"}


def _encoding(manifest: Manifest) -> Terms:
    """The one file to keep, with its size as the page has it."""
    return {
        "@type": "MediaObject",
        "contentUrl": f"{origins.pages()}/library/{manifest.id}/download/",
        "encodingFormat": kept_kind(manifest),
        "contentSize": f"{max(1, round(manifest.size_bytes / KILO))} kB",
    }
