"""Packages made in memory: what a vendor might ship, and what only an attacker would."""

import io
import json
import struct
import tarfile
import zipfile


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    """Pack a tar, with a folder and a link in it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind, name in ((tarfile.DIRTYPE, "folder"), (tarfile.SYMTYPE, "link")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def asar(files: dict[str, bytes], **more: object) -> bytes:
    """Pack an app.asar; the files lie in a folder, `more` are further entries of the directory."""
    held: dict[str, object] = {}
    place = 0
    for name, data in files.items():
        held[name] = {"size": len(data), "offset": str(place)}
        place += len(data)
    return asar_of({"files": {"app": {"files": held}, **more}}, b"".join(files.values()))


def asar_of(directory: object, body: bytes = b"") -> bytes:
    """Pack an app.asar with this directory, right or wrong."""
    return asar_of_text(json.dumps(directory, separators=(",", ":")).encode(), body)


def asar_of_text(text: bytes, body: bytes = b"") -> bytes:
    """Pack an app.asar whose directory is this text."""
    padded = len(text) + -len(text) % 4
    return struct.pack("<4I", 4, padded + 8, padded + 4, len(text)) + text.ljust(padded, b"\0") + body
