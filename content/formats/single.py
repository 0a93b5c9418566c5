"""What PDF, video and audio have in common: one file is the whole package, and its name is all it tells."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from content.draft import Draft, Origin, whole_file
from content.naming import language_of, slug, title_of
from content.package import Item, Manifest


def describe_single(source: Path, kind: str, beside: Mapping[str, Origin] | None = None) -> Draft:
    """A draft with one item of `kind`, and files that lie beside it, by name."""
    title = title_of(source)
    manifest = Manifest(
        id=slug(title),
        work=slug(title),
        version=1,
        title=title,
        language=language_of(source),
        items=(Item(id="item", kind=kind, title=title, path=source.name),),
        files=MappingProxyType({}),
        source_format=kind,
    )
    origins = MappingProxyType({source.name: whole_file(source), **(beside or {})})
    return Draft(manifest=manifest, origins=origins, named_by_content=True)
