"""Firefox's own "Save All As HAR": its network monitor is opened over the Marionette protocol and asked for its log."""

import itertools
import json
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

_PORT = 2828
_PREFERENCES = """
user_pref("marionette.port", {port});
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "{proxy.hostname}");
user_pref("network.proxy.http_port", {proxy.port});
user_pref("network.proxy.ssl", "{proxy.hostname}");
user_pref("network.proxy.ssl_port", {proxy.port});
"""
_OPEN = """
const { gDevTools } = ChromeUtils.importESModule("resource://devtools/shared/loader/Loader.sys.mjs")
  .require("devtools/client/framework/devtools")
const done = arguments[arguments.length - 1]
gDevTools.showToolboxForTab(gBrowser.selectedTab, { toolId: "netmonitor" }).then(() => done(""), (e) => done(`${e}`))
"""
_EXPORT = """
const { gDevTools } = ChromeUtils.importESModule("resource://devtools/shared/loader/Loader.sys.mjs")
  .require("devtools/client/framework/devtools")
const done = arguments[arguments.length - 1]
gDevTools.getToolboxForTab(gBrowser.selectedTab).getHARFromNetMonitor()
  .then((log) => done(JSON.stringify({ log })), (e) => done(`${e}`))
"""


class Marionette:
    """What is needed of Firefox's remote protocol: a length, a colon, JSON."""

    def __init__(self) -> None:
        """Connect once Firefox listens."""
        for _ in range(150):
            try:
                self._socket = socket.create_connection(("127.0.0.1", _PORT), timeout=30)
                break
            except OSError:
                time.sleep(0.2)
        self._file = self._socket.makefile("rb")
        self._numbers = itertools.count(1)
        self._answer()

    def _answer(self) -> list[object]:
        digits = b"".join(iter(lambda: self._file.read(1), b":"))
        answer: list[object] = json.loads(self._file.read(int(digits)))
        return answer

    def __call__(self, command: str, **parameters: object) -> object:
        """Give what the command answers; raises RuntimeError with what Firefox says against it."""
        sent = json.dumps([0, next(self._numbers), command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(sent), sent))
        _, _, error, result = self._answer()
        if error:
            raise RuntimeError(error)
        return result.get("value", result) if isinstance(result, dict) else result

    def in_browser(self, script: str) -> str:
        """Run a script with the browser's own rights."""
        self("Marionette:SetContext", value="chrome")
        result = self("WebDriver:ExecuteAsyncScript", script=script, args=[])
        self("Marionette:SetContext", value="content")
        return str(result)


def record(firefox: str, proxy: str, out: Path, pages: dict[str, str]) -> None:
    """Write OUT/firefox-NAME.har for each page."""
    with tempfile.TemporaryDirectory() as profile:
        preferences = _PREFERENCES.format(port=_PORT, proxy=urlsplit(proxy))
        Path(profile, "user.js").write_text(preferences, encoding="utf-8")
        words = [firefox, "--headless", "--no-remote", "--marionette", "--remote-allow-system-access"]
        with subprocess.Popen([*words, "--profile", profile], stderr=subprocess.DEVNULL) as process:
            try:
                marionette = Marionette()
                marionette("WebDriver:NewSession", acceptInsecureCerts=True)
                for name, address in pages.items():
                    (out / f"firefox-{name}.har").write_text(_visit(marionette, address), encoding="utf-8")
            finally:
                process.terminate()


def _visit(marionette: Marionette, address: str) -> str:
    tab = marionette("WebDriver:NewWindow", type="tab")
    assert isinstance(tab, dict)
    marionette("WebDriver:SwitchToWindow", handle=tab["handle"])
    if said := marionette.in_browser(_OPEN):
        raise RuntimeError(said)
    marionette("WebDriver:Navigate", url=address)
    while not str(marionette("WebDriver:GetTitle")).startswith("done"):
        time.sleep(0.1)
    time.sleep(1)  # the monitor is told of an answer a little later
    return marionette.in_browser(_EXPORT)
