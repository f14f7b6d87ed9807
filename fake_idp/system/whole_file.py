"""Writing a file whole: a reader finds the old content or the new, and a failure leaves the old."""

import errno
import os
import secrets
import stat
from pathlib import Path

# The file can be written but its folder cannot, or the file is a mount of its own: it is written in place.
_NO_RENAME = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV})
# Names of files that are open already, such as /dev/stdout.
_OPEN = ("/dev/fd/", "/dev/std", "/proc/")


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write the data to a file, new or existing; raises OSError.

    A `private` file can be read by its owner alone; otherwise an existing one keeps its permissions.
    """
    old = path.stat() if path.exists() else None
    if old is not None and (not stat.S_ISREG(old.st_mode) or str(path).startswith(_OPEN)):
        # A device or a pipe has no old content to keep.
        path.write_bytes(data)
        return
    if old is not None and not os.access(path, os.W_OK):
        # A rename would only ask for permission on the folder.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    try:
        _replace(path, data, None if private or old is None else stat.S_IMODE(old.st_mode), private=private)
    except OSError as error:
        if private or old is None or error.errno not in _NO_RENAME:
            raise
        path.write_bytes(data)


def _replace(path: Path, data: bytes, mode: int | None, *, private: bool) -> None:
    # A link stays a link, except for secrets, whose file must be found where it is removed. The new file stands in the
    # same folder, since only there a rename is atomic.
    place = path if private else Path(os.path.realpath(path))
    fresh = place.with_name(f".blastiq-{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            # Some file systems report only now that the disk is full.
            os.fsync(descriptor)
        if mode is not None:
            fresh.chmod(mode)
        fresh.replace(place)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
