"""The zip of a bundle: the same bytes for the same files, and only files that a bundle may have."""

import json
import re
import stat
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import cast

from blastiq_conformance import given_file
from fake_idp.wire import Json

# A run of all scenarios has a few megabytes.
LARGEST = 512 * 1024 * 1024
_MOST_FILES = 100_000
SIGNATURE = "signature.json"
_NAME = re.compile(r"signature\.json|manifest\.json|report\.json|evidence/[1-9]\d*/\d{4,6}\.jsonl")
# The first moment that a zip can name.
_BEGINNING = (1980, 1, 1, 0, 0, 0)
_UNIX, _VERSION = 3, 20


class BundleError(Exception):
    """A file that is not a bundle, or a bundle that cannot be made; the text says what is wrong and what to do."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """Give the zip: stored, not compressed, so that its bytes depend on no library; the manifest comes first."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files, key=lambda name: (name != "manifest.json", name)):
            info = zipfile.ZipInfo(name, _BEGINNING)
            info.create_system, info.create_version, info.extract_version = _UNIX, _VERSION, _VERSION
            info.external_attr = (stat.S_IFREG | 0o600) << 16
            archive.writestr(info, files[name])
    return buffer.getvalue()


def read(path: Path) -> tuple[dict[str, bytes], tuple[str, ...], bytes]:
    """Give the result of `unpack` for a file, and its bytes; raises BundleError."""
    try:
        data = given_file.read_bytes(path, LARGEST)
    except OSError as error:
        raise BundleError(f"it cannot be read ({error.strerror or error})") from None
    return *unpack(data), data


def unpack(data: bytes) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Give the files of a zip, and the names of those whose checksum is wrong; raises BundleError.

    Nothing is written to disk, and nothing is inflated: a bundle is not compressed.
    """
    if len(data) > LARGEST:
        raise BundleError("it is larger than 512 MiB, and no bundle is")
    files: dict[str, bytes] = {}
    broken: list[str] = []
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _inspect(entries, len(data))
            for info in entries:
                try:
                    files[info.filename] = archive.read(info)
                except zipfile.BadZipFile:
                    broken.append(info.filename)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, RuntimeError) as error:
        raise BundleError(f"it is not a zip that can be read ({error})") from None
    return files, tuple(broken)


def parsed(name: str, data: bytes) -> Json:
    """Read a file of a bundle as JSON; raises BundleError."""
    try:
        return cast("Json", json.loads(data.decode()))
    except (ValueError, RecursionError) as error:
        raise BundleError(f"its {name} is not JSON ({error})") from None


def _inspect(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > _MOST_FILES:
        raise BundleError(f"it has {len(entries)} files, and no bundle has so many")
    names: set[str] = set()
    for info in entries:
        shown = ascii(info.filename[:80])
        kind = stat.S_IFMT(info.external_attr >> 16)
        # This excludes names that lead out of a folder, absolute paths, and folders.
        if _NAME.fullmatch(info.filename) is None or info.orig_filename != info.filename:
            raise BundleError(f"it has a file {shown}, and a bundle has only manifest, report, evidence and signature")
        if info.filename in names:
            raise BundleError(f"it has the file {shown} twice")
        if kind not in {0, stat.S_IFREG}:
            raise BundleError(f"{shown} is not a plain file, but a link or a device")
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size or info.flag_bits & 1:
            raise BundleError(f"{shown} is compressed or encrypted, and a bundle is stored as it is")
        names.add(info.filename)
    if sum(info.file_size for info in entries) > size:
        raise BundleError("its files claim to be larger than it is itself")
