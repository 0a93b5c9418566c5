"""Write a file for somebody outside the hub: it is there whole, or not at all."""

from pathlib import Path

from hub.errors import InputWrong


def write(to: Path, text: str) -> None:
    """Write `text` into the file `to`, in UTF-8 and with its own ends of lines.

    A pipe or a device is written to as it is. Raises InputWrong when the file cannot be written; what stood there
    stays then, and nothing is left beside it.
    """
    draft = to.with_name(f".{to.name}.part")
    try:
        if to.exists() and not to.is_file():
            to.write_bytes(text.encode())
            return
        try:
            draft.write_bytes(text.encode())
            draft.replace(to)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as mistake:
        raise InputWrong(
            f"{to} cannot be written ({mistake.strerror}). The hub is as it was; choose another place."
        ) from None
