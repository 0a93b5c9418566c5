"""Bytes of messages: whole numbers of varying length, fixed fields and blobs, each read with a limit."""

from sync.errors import MessageWrong

_NUMBER_BYTES_MAX = 8
"""Numbers up to 2**56."""


def number(value: int) -> bytes:
    """A whole number, seven bits to a byte, the low ones first."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


class Reader:
    """Reads fields from the front of a message. Every method raises MessageWrong when they are not there."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        """Whether all was read."""
        return self._at == len(self._data)

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        end = self._at + size
        if end > len(self._data):
            raise _wrong()
        found = self._data[self._at : end]
        self._at = end
        return found

    def number(self, most: int) -> int:
        """The next whole number, at most `most`, in its shortest form."""
        value = 0
        for place in range(_NUMBER_BYTES_MAX):
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << 7 * place
            if byte < 0x80:
                if value > most or (place and not byte):
                    break
                return value
        raise _wrong()

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self._data) - self._at)

    def end(self) -> None:
        """Refuse a message that goes on."""
        if not self.is_at_end:
            raise _wrong()


def _wrong() -> MessageWrong:
    return MessageWrong("The message is cut off or is not one of ours; nothing was taken. Send it again.")
