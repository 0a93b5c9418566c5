"""Make the golden files of versions that have none yet: `python -m tests.golden`. What is there stays as it is."""

import json

from sync import batch as batches
from sync import give
from tests.fixtures.bundles import Post
from tests.fixtures.golden import FOLDER, TEXTS, file_of, holder, teller


def main() -> None:
    """Write a batch and a part of a bundle as this program writes them, for each version of batches that it writes."""
    for version in (batches.VERSION, batches.MARKED):
        path = file_of(version)
        if path.exists():
            print(f"{path.relative_to(FOLDER.parent)} is there, and stays as it is.")
            continue
        path.write_text(json.dumps(_made(version), indent=1) + "\n", encoding="utf-8")
        print(f"{path.relative_to(FOLDER.parent)} is new: keep it for ever.")


def _made(version: int) -> dict[str, object]:
    hub, region = teller(), holder()
    hub.say("region", *TEXTS)
    if version == batches.MARKED:
        places = [(each.stream, each.seq) for each in hub.placed("region")]
        hub.erase(places[2])
    (line,) = hub.journal.streams(audience="region")
    data, _ = give.make(hub.journal, line, 0, 100)
    (part,) = Post(hub).write(Post(region))
    assert data[0] == version
    return {"version": version, "batch": data.hex(), "part": part.hex(), "texts": hub.texts("region")}


if __name__ == "__main__":
    main()
