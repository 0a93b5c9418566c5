"""Making the lighter copies of one picture: a process of its own, `python -m content.rendering SOURCE FOLDER`.

SOURCE may be a PDF too, whose picture is its first page, or a sound or film that carries one.

A picture from outside may be a trap, so it is opened where nothing else is: within limits of memory, time and size,
behind everybody else who wants the processor. The copies stand upright, say nothing of where and by whom the picture
was taken, and are written into FOLDER, each named by its sides (`360x270.webp`). A picture that is light already, or
that moves, gets none. The exit status is 0 when the picture could be read.
"""

import errno
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from content import first_picture
from content.confined import confine
from content.limits import MIB
from content.renditions import NO_ROOM

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
WIDTHS = {160: 8, 360: 28, 720: 60, 1280: 160}
"""How wide the copies are, in pixels, and how many KiB one may have: what a phone's list, a phone, a phone with a fine
screen, and a wide screen show."""
PLAIN_WIDTHS = (160, 360, 720)
"""Widths that are also there for browsers which do not read WebP."""
QUALITIES = (76, 64, 50, 36)
"""Tried in this order until a copy is small enough; the last is kept anyhow."""
DRAWN_COLOURS = 1024
"""A PNG or GIF with fewer colours is a drawing, whose edges stay sharp without loss."""
MOVING = ("GIF", "PNG", "WEBP")
"""What may hold a film of pictures; in a JPEG, further ones are a camera's own business."""
PIXELS_MAX = 16_000_000
"""Pixels in memory at once, four bytes each; a JPEG may have many more, since it is read at a fraction of its size."""
HEADER_PIXELS_MAX = 400_000_000
"""Pixels that any file may speak of; the same number as `picture.PIXELS_MAX` on both sides."""
MEMORY_BYTES = 448 * MIB
"""Of addresses, not of memory: Python and the codecs take 150 MB of them before the first picture."""
WORK_S = 60
WRITTEN_BYTES = 8 * MIB
PLAINEST = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr"}
"""Ways of keeping colours that are read; what a camera for stars keeps is not for a phone."""


class Unfit(Exception):
    """The picture is larger or odder than we read."""


def main(source: Path, folder: Path) -> int:
    """Write the copies of the picture at `source` into `folder`."""
    limit()
    try:
        for name, data in copies(source):
            (folder / name).write_bytes(data)
    except OSError as mistake:
        return NO_ROOM if mistake.errno == errno.ENOSPC else 1
    except Exception:  # noqa: BLE001 - whatever a broken picture makes a codec say
        return 1
    return 0


def copies(source: Path) -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of each copy, the widest first; only those that are lighter than the picture itself.

    Of what is no picture itself there is every copy; none where it carries no picture.
    """
    page = first_picture.page(source)
    if page is not None:
        yield from _each(Image.frombytes("RGB", page[:2], page.colours), sys.maxsize)
        return
    inside = first_picture.inside(source)
    if inside is None:
        yield from _of_picture(source, source.stat().st_size)
    elif inside:
        yield from _of_picture(io.BytesIO(inside), sys.maxsize)


def _of_picture(source: Path | io.BytesIO, most: int) -> Iterator[tuple[str, bytes]]:
    Image.MAX_IMAGE_PIXELS = HEADER_PIXELS_MAX // 2
    with Image.open(source, formats=FORMATS) as opened:
        if opened.format in MOVING and getattr(opened, "n_frames", 1) > 1:
            return
        _check(opened)
        is_drawn = opened.format in ("PNG", "GIF") and opened.getcolors(DRAWN_COLOURS) is not None
        upright = ImageOps.exif_transpose(_in_plain_colours(opened))
    yield from _each(upright, most, is_drawn=is_drawn)


def _each(upright: Image.Image, most: int, *, is_drawn: bool = False) -> Iterator[tuple[str, bytes]]:
    """Every copy of a picture that has fewer bytes than `most`."""
    is_clear = upright.mode == "RGBA"
    for width in reversed(_widths(upright.width)):
        sides = (width, max(1, round(upright.height * width / upright.width)))
        copy = upright.resize(sides, Image.Resampling.LANCZOS, reducing_gap=3.0)
        copy.info.clear()
        room = min(most, _room(width))
        made = [("webp", _webp(copy, room, is_drawn=is_drawn))]
        if width in PLAIN_WIDTHS or width == upright.width:
            made.append(("png", _png(copy)) if is_clear else ("jpg", _jpeg(copy, room)))
        yield from ((f"{sides[0]}x{sides[1]}.{ending}", data) for ending, data in made if len(data) < most)


def limit() -> None:
    """Take what one picture may need, and no more."""
    confine(memory_bytes=MEMORY_BYTES, work_s=WORK_S, written_bytes=WRITTEN_BYTES)


def _check(opened: Image.Image) -> None:
    """Read a JPEG at the fraction that is enough. Raises Unfit for what would not fit into memory."""
    if opened.mode not in PLAINEST:
        raise Unfit
    opened.draft(None, (max(WIDTHS), max(WIDTHS)))
    if opened.width * opened.height > PIXELS_MAX:
        raise Unfit


def _in_plain_colours(opened: Image.Image) -> Image.Image:
    """As RGB in the colours that every screen means; as RGBA where something shines through."""
    if "A" in opened.mode or "transparency" in opened.info:
        clear = opened.convert("RGBA")
        return clear if clear.getchannel("A").getextrema()[0] != 255 else _kept(opened, clear.convert("RGB"))  # noqa: PLR2004
    profile = opened.info.get("icc_profile")
    if profile:
        try:
            meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            plain = ImageCms.profileToProfile(opened, meant, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            plain = None
        if plain is not None:
            return _kept(opened, plain)
    return opened.convert("RGB")


def _kept(opened: Image.Image, made: Image.Image) -> Image.Image:
    """What was made of a picture, which still knows how it was held."""
    made.info.update({name: opened.info[name] for name in ("exif",) if name in opened.info})
    return made


def _widths(own: int) -> list[int]:
    return [*(width for width in WIDTHS if width < own), min(own, max(WIDTHS))]


def _room(width: int) -> int:
    """How many bytes a copy of this width may have."""
    return next(kib for each, kib in WIDTHS.items() if width <= each) * 1024


def _webp(copy: Image.Image, room: int, *, is_drawn: bool) -> bytes:
    lossy = _small_enough(copy, room, "WEBP", method=4)
    return min(lossy, _saved(copy, "WEBP", lossless=True), key=len) if is_drawn else lossy


def _jpeg(copy: Image.Image, room: int) -> bytes:
    return _small_enough(copy, room, "JPEG", optimize=True, progressive=True)


def _png(copy: Image.Image) -> bytes:
    return _saved(copy.quantize(256, method=Image.Quantize.FASTOCTREE), "PNG", optimize=True)


def _small_enough(copy: Image.Image, room: int, kind: str, **options: object) -> bytes:
    data = b""
    for quality in QUALITIES:
        data = _saved(copy, kind, quality=quality, **options)
        if len(data) <= room:
            break
    return data


def _saved(copy: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    copy.save(out, kind, **options)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
