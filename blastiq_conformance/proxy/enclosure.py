"""`python -m blastiq_conformance.proxy.enclosure CMD ARG…`: leads a program without proxy support to the kit's proxy.

It runs in namespaces of its own (Linux, no root needed): the only network is loopback, every name is this machine, and
what comes to the ports of http and https goes on to the proxy that HTTPS_PROXY names. Nothing else gets out.
"""

import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

_PORTS = {443: b"CONNECT enclosed:443 HTTP/1.1\r\nHost: enclosed:443\r\n\r\n", 80: b""}
_NAMES = 53
_UNSHARE = ("unshare", "--map-root-user", "--net", "--mount", "--")
_USAGE, _NO_NAMESPACE = 2, 126
_READ_SIZE = 64 * 1024
# Seconds after its request in which a program that ends its own side still listens; after that it has given up. From
# outside, the kernel does not show which of the two it was: the socket is in another network.
_HALF_CLOSING = 1.0
_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41  # netdevice(7)
_ITSELF = "blastiq_conformance.proxy.enclosure"
# The files that say how names are resolved: not by a daemon outside.
_FILES = {
    "/etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "/etc/resolv.conf": "nameserver 127.0.0.1\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}

# A name server has one address for every name: 127.0.0.1 (RFC 1035 4.1).
_HEAD = struct.Struct("!6H")
_TYPE_AND_CLASS = struct.Struct("!2H")
_RESPONSE, _RECURSION = 0x8400, 0x0080
_ASKED_FOR_RECURSION = 0x0100
_ADDRESS, _INTERNET = 1, 1
# The name as in the question, type A, class IN, a TTL of zero, four octets.
_ANSWER = struct.pack("!3HIH4B", 0xC00C, _ADDRESS, _INTERNET, 0, 4, 127, 0, 0, 1)


def enclosed(command: Sequence[str]) -> tuple[str, ...]:
    """Give the command that runs another one enclosed."""
    return (sys.executable, "-m", _ITSELF, *command)


def main(words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the command enclosed and give its exit status; 2 and 126 with a line about what is missing."""
    proxy = urlsplit(environment.get("HTTPS_PROXY", ""))
    if not words or not proxy.port:
        return _fail("expected a command, and HTTPS_PROXY: start it by `blastiq run --intercept -- …`", _USAGE)
    if not _can_enclose():
        return _fail(f"this system does not let its users make namespaces ({' '.join(_UNSHARE)})", _NO_NAMESPACE)
    ours, theirs = socket.socketpair()
    threading.Thread(target=_serve, args=(ours, (str(proxy.hostname), proxy.port)), daemon=True).start()
    inside = [*_UNSHARE, sys.executable, "-m", _ITSELF, f"--inside={theirs.fileno()}", *words]
    with tempfile.TemporaryDirectory(prefix="blastiq-names-") as folder:
        status = subprocess.call(inside, pass_fds=[theirs.fileno()], env={**environment, "BLASTIQ_NAMES": folder})  # noqa: S603 - to run the vendor's command is the job
    return status if status >= 0 else 128 - status


def enter(number: int, words: Sequence[str], environment: Mapping[str, str]) -> None:
    """Within the namespaces: set them up, pass the listening sockets out, and become the program."""
    _raise_loopback()
    folder = Path(environment["BLASTIQ_NAMES"])
    for path, text in _FILES.items():
        (folder / Path(path).name).write_text(text, encoding="ascii")
        if Path(path).exists():
            subprocess.run(["mount", "--bind", str(folder / Path(path).name), path], check=True)  # noqa: S603, S607 - util-linux, wherever it lies, and files of our own
    # A socket stays in the network that it was made in: the process that holds it outside serves those within.
    listening = [socket.create_server(("127.0.0.1", port)) for port in _PORTS]
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind(("127.0.0.1", _NAMES))
    with socket.socket(fileno=number) as outside:
        socket.send_fds(outside, [b"."], [each.fileno() for each in (*listening, names)])
        outside.recv(1)
    kept = {name: value for name, value in environment.items() if not name.upper().endswith("_PROXY")}
    kept.pop("BLASTIQ_NAMES")
    try:
        os.execvpe(words[0], list(words), kept)  # noqa: S606 - to run the vendor's command is the job
    except OSError as error:
        sys.exit(_fail(f"{words[0]} cannot be started: {error.strerror}", 127))


def _can_enclose() -> bool:
    if not shutil.which(_UNSHARE[0]):
        return False
    return not subprocess.run([*_UNSHARE, "true"], check=False, capture_output=True).returncode  # noqa: S603 - words of our own


def _raise_loopback() -> None:
    import fcntl  # not on Windows, where nobody gets here

    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh", b"lo", _UP_AND_RUNNING))


def _serve(ours: socket.socket, proxy: tuple[str, int]) -> None:
    _, numbers, _, _ = socket.recv_fds(ours, 1, len(_PORTS) + 1)
    *listening, names = (socket.socket(fileno=number) for number in numbers)
    for each, greeting in zip(listening, _PORTS.values(), strict=True):
        threading.Thread(target=_accept, args=(each, proxy, greeting), daemon=True).start()
    threading.Thread(target=_answer, args=(names,), daemon=True).start()
    ours.sendall(b".")


def _answer(names: socket.socket) -> None:
    while True:
        query, peer = names.recvfrom(4096)
        if answer := resolve(query):
            names.sendto(answer, peer)


def resolve(query: bytes) -> bytes:
    """Give the answer to a query: the address, or that there is none of that type; empty if it is not a query."""
    end = _end_of_question(query)
    if not end:
        return b""
    number, flags, *_ = _HEAD.unpack_from(query)
    kind, family = _TYPE_AND_CLASS.unpack_from(query, end - _TYPE_AND_CLASS.size)
    answer = _ANSWER if (kind, family) == (_ADDRESS, _INTERNET) else b""
    said = _RESPONSE | _RECURSION | flags & _ASKED_FOR_RECURSION
    return _HEAD.pack(number, said, 1, bool(answer), 0, 0) + query[_HEAD.size : end] + answer


def _end_of_question(query: bytes) -> int:
    if len(query) < _HEAD.size or _HEAD.unpack_from(query)[2] != 1:
        return 0
    place = _HEAD.size
    while place < len(query) and query[place]:
        place += 1 + query[place]
    end = place + 1 + _TYPE_AND_CLASS.size
    return end if end <= len(query) else 0


def _accept(listening: socket.socket, proxy: tuple[str, int], greeting: bytes) -> None:
    while True:
        inner, _ = listening.accept()
        threading.Thread(target=_pass_on, args=(inner, proxy, greeting), daemon=True).start()


def _pass_on(inner: socket.socket, proxy: tuple[str, int], greeting: bytes) -> None:
    with inner, suppress(OSError), socket.create_connection(proxy) as outer:
        if greeting:
            outer.sendall(greeting)
            answer = b""
            while not answer.endswith(b"\r\n\r\n"):
                answer += outer.recv(1) or b"\r\n\r\n"
        back = threading.Thread(target=_copy, args=(outer, inner), daemon=True)
        back.start()
        if time.monotonic() - _copy(inner, outer) > _HALF_CLOSING:
            outer.shutdown(socket.SHUT_RDWR)
        back.join()


def _copy(source: socket.socket, sink: socket.socket) -> float:
    """Pass on what comes, and its end; give the time of the last bytes."""
    last = time.monotonic()
    with suppress(OSError):
        while data := source.recv(_READ_SIZE):
            last = time.monotonic()
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
    return last


def _fail(text: str, status: int) -> int:
    sys.stderr.write(f"enclosure: {text}\n")
    return status


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].startswith("--inside="):
        enter(int(sys.argv[1].partition("=")[2]), sys.argv[2:], os.environ)
    else:
        sys.exit(main(sys.argv[1:], os.environ))
