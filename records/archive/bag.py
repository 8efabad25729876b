"""A BagIt bag in a ZIP file, written while it is read: nothing is kept but checksums.

BagIt is RFC 8493. Programs of archives know it, and so does whoever has ``sha256sum``: the bag's
folder unpacked, ``sha256sum -c manifest-sha256.txt`` says whether every file is as it was.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
READABLE = 0o644 << 16


@dataclass(frozen=True)
class Entry:
    """A file below ``data/``, and its content in pieces."""

    name: str
    pieces: Iterable[bytes]


class _Sink:
    """What ``zipfile`` writes to, emptied again and again; it cannot go back, and need not."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole


def stream_bag(
    folder: str, entries: Iterable[Entry], facts: Mapping[str, str], *, now: datetime
) -> Iterator[bytes]:
    """The pieces of the ZIP file. ``facts`` stand in bag-info.txt beside the date and the size."""
    sink = _Sink()
    manifest: list[tuple[str, str]] = []
    size = 0
    moment = (now.year, now.month, now.day, now.hour, now.minute, now.second)
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for entry in entries:
            digest, name = sha256(), f"data/{entry.name}"
            with archive.open(_info(f"{folder}/{name}", moment), "w") as file:
                for piece in entry.pieces:
                    file.write(piece)
                    digest.update(piece)
                    size += len(piece)
                    yield sink.taken()
            manifest.append((digest.hexdigest(), name))
        info = dict(facts) | {
            "Bagging-Date": f"{now:%Y-%m-%d}",
            "Payload-Oxum": f"{size}.{len(manifest)}",
        }
        tags = {
            "bagit.txt": BAGIT,
            "bag-info.txt": _facts(info),
            "manifest-sha256.txt": _manifest(manifest),
        }
        tags["tagmanifest-sha256.txt"] = _manifest(
            (sha256(text.encode()).hexdigest(), name) for name, text in tags.items()
        )
        for name, text in tags.items():
            archive.writestr(_info(f"{folder}/{name}", moment), text.encode())
            yield sink.taken()
    yield sink.taken()


def _info(name: str, moment: tuple[int, int, int, int, int, int]) -> ZipInfo:
    info = ZipInfo(name, moment)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = READABLE
    return info


def _facts(info: Mapping[str, str]) -> str:
    """One line for each fact that is known."""
    return "".join(f"{key}: {' '.join(value.split())}\n" for key, value in info.items() if value)


def _manifest(lines: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{digest}  {name}\n" for digest, name in lines)
