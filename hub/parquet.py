"""Write flat tables as Apache Parquet, piece by piece: only one group of rows is ever in memory, besides the footer.

It knows what a table of records needs and no more: columns of text, whole numbers, numbers, yes or no and moments, any
of which may be absent; plain values in one gzip page for each column of a group. The format is that of
https://parquet.apache.org/docs/file-format/ ; the footer is Thrift's compact protocol. Why it is written here and not
taken from a library: docs/decisions/0041-what-goes-out.md.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MAGIC = b"PAR1"
ROWS_MAX, BYTES_MAX = 5_000, 4 * 1024 * 1024
"""A group of rows ends at whichever comes first; the bytes are those of its texts."""
MADE_BY = "mangrove"

TEXT, JSON, WHOLE, NUMBER, TRUTH, MOMENT = "text", "json", "whole", "number", "truth", "moment"
"""What a column holds: text; JSON as text; 64-bit whole numbers; doubles; yes or no; milliseconds since 1970, UTC."""

Row = Sequence[Any]
"""One value for each column, None where it is absent."""

_PHYSICAL = {TEXT: 6, JSON: 6, WHOLE: 2, NUMBER: 5, TRUTH: 0, MOMENT: 2}
_CONVERTED = {TEXT: 0, JSON: 19, MOMENT: 9}
_PLAIN, _RLE = 0, 3
_GZIP = 2
_OPTIONAL = 1
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12
_STOP = b"\0"
_TRUE = 1
_GZIP_WINDOW = 31
"""zlib's word for a gzip head and tail round what it packs."""
_LONG_LIST = 15


@dataclass(frozen=True)
class Column:
    """One column: its name and what it holds, out of the kinds above."""

    name: str
    kind: str


@dataclass(frozen=True)
class _Packed:
    """A struct in Thrift's compact protocol, to be put into another."""

    data: bytes


def written(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """The pieces of a file with these rows, in their order. Raises TypeError or struct.error for a value that does
    not fit its column."""
    yield MAGIC
    at, count, groups = len(MAGIC), 0, []
    for group in _groups(rows):
        head: list[_Packed] = []
        begun = at
        for column, values in zip(columns, zip(*group, strict=True), strict=True):
            page, raw_bytes = _page(column, values)
            yield page
            head.append(_chunk(column, len(values), at=at, packed=len(page), raw=raw_bytes))
            at += len(page)
        groups.append(_struct({1: head, 2: at - begun, 3: len(group)}))
        count += len(group)
    schema = [_struct({4: "records", 5: _Int(len(columns))}), *map(_element, columns)]
    footer = _struct({1: _Int(1), 2: schema, 3: count, 4: groups, 6: MADE_BY}).data
    yield footer + struct.pack("<I", len(footer)) + MAGIC


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += sum(len(value) for value in row if isinstance(value, str))
        if len(group) >= ROWS_MAX or size >= BYTES_MAX:
            yield group
            group, size = [], 0
    if group:
        yield group


def _page(column: Column, values: Sequence[Any]) -> tuple[bytes, int]:
    """The values of one column of a group with their head, and how many bytes that would be unpacked."""
    there = [value is not None for value in values]
    levels = _varint(((len(there) + 7) // 8) << 1 | 1) + _bits(there)
    plain = struct.pack("<I", len(levels)) + levels + _plain(column.kind, [each for each in values if each is not None])
    packer = zlib.compressobj(wbits=_GZIP_WINDOW)
    packed = packer.compress(plain) + packer.flush()
    data_head = _struct({1: _Int(len(values)), 2: _Int(_PLAIN), 3: _Int(_RLE), 4: _Int(_RLE)})
    head = _struct({1: _Int(0), 2: _Int(len(plain)), 3: _Int(len(packed)), 5: data_head}).data
    return head + packed, len(head) + len(plain)


def _plain(kind: str, values: Sequence[Any]) -> bytes:
    if kind in (TEXT, JSON):
        raws = [value.encode() for value in values]
        return b"".join(struct.pack("<I", len(raw)) + raw for raw in raws)
    if kind == TRUTH:
        return _bits([bool(value) for value in values])
    return struct.pack(f"<{len(values)}{'d' if kind == NUMBER else 'q'}", *values)


def _bits(truths: Sequence[bool]) -> bytes:
    """One bit each, the first in the lowest place."""
    padded = [*truths, *[False] * (-len(truths) % 8)]
    return bytes(sum(padded[start + place] << place for place in range(8)) for start in range(0, len(padded), 8))


def _element(column: Column) -> _Packed:
    """One column as the schema describes it."""
    fields: dict[int, Any] = {1: _Int(_PHYSICAL[column.kind]), 3: _Int(_OPTIONAL), 4: column.name}
    if column.kind in _CONVERTED:
        fields[6] = _Int(_CONVERTED[column.kind])
    logical = {
        TEXT: _struct({1: _struct({})}),
        JSON: _struct({12: _struct({})}),
        MOMENT: _struct({8: _struct({1: True, 2: _struct({1: _struct({})})})}),
    }
    if column.kind in logical:
        fields[10] = logical[column.kind]
    return _struct(fields)


def _chunk(column: Column, count: int, *, at: int, packed: int, raw: int) -> _Packed:
    """Where the values of one column of a group lie in the file."""
    about = {1: _Int(_PHYSICAL[column.kind]), 2: [_Int(_PLAIN), _Int(_RLE)], 3: [column.name], 4: _Int(_GZIP)}
    return _struct({2: at, 3: _struct({**about, 5: count, 6: raw, 7: packed, 9: at})})


class _Int(int):
    """A number that Thrift is to write as i32; any other is an i64."""


def _struct(fields: dict[int, Any]) -> _Packed:
    """A struct from its fields by number, in their order."""
    parts, before = [], 0
    for number, value in fields.items():
        kind, data = (_TRUE, b"") if value is True else _value(value)
        parts.append(bytes([(number - before) << 4 | kind]) + data)
        before = number
    return _Packed(b"".join(parts) + _STOP)


def _value(value: Any) -> tuple[int, bytes]:
    """The kind and the bytes of one value."""
    if isinstance(value, _Packed):
        return _STRUCT, value.data
    if isinstance(value, str):
        raw = value.encode()
        return _BINARY, _varint(len(raw)) + raw
    if isinstance(value, list):
        items = [_value(each) for each in value]
        kind, size = items[0][0] if items else _STRUCT, len(items)
        head = bytes([size << 4 | kind]) if size < _LONG_LIST else bytes([0xF0 | kind]) + _varint(size)
        return _LIST, head + b"".join(data for _, data in items)
    return (_I32 if isinstance(value, _Int) else _I64), _varint(value << 1)


def _varint(number: int) -> bytes:
    """A whole number that is not negative, seven bits to a byte, the lowest first."""
    out = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])
