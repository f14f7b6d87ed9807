// oidc-client-ts: a page that signs in as its README shows, in a real Chromium; puppeteer is the person in front of it.
import { mkdtemp, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const { BLASTIQ_AUTHORITY, BLASTIQ_API_URL, BLASTIQ_CLIENT_ID, BLASTIQ_API_CALLS } = process.env;
const { BLASTIQ_USERNAME, BLASTIQ_PASSWORD, CHROMIUM = "/usr/bin/chromium" } = process.env;
const LIBRARY = new URL("node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js", import.meta.url);

const page = (settings) => `<!DOCTYPE html><html lang="en"><title>Application</title>
<link rel="icon" href="data:,"><button id="sign-in">Sign in</button><p id="result"></p>
<script src="/oidc-client-ts.min.js"></script>
<script>
  const settings = ${JSON.stringify(settings)};
  const manager = new oidc.UserManager({
    authority: settings.authority,
    client_id: settings.clientId,
    redirect_uri: location.origin + "/callback",
    scope: "openid cosmos offline_access",
    automaticSilentRenew: false,
    userStore: new oidc.WebStorageStateStore({ store: new oidc.InMemoryWebStorage() }),
  });
  document.getElementById("sign-in").onclick = () => manager.signinRedirect();
  const callApi = (user) => fetch(settings.api, { headers: { Authorization: "Bearer " + user.access_token } });
  async function work() {
    let user = await manager.signinRedirectCallback();
    for (let call = 0; call < settings.calls; call++) {
      await new Promise((resolve) => setTimeout(resolve, call ? 1000 : 0));
      let answer = await callApi(user);
      if (answer.status === 401) {
        user = await manager.signinSilent();
        answer = await callApi(user);
      }
      if (!answer.ok) throw new Error("the API answered " + answer.status);
    }
    return "done";
  }
  if (location.pathname === "/callback") {
    work().catch((problem) => "failed: " + problem.message).then((text) => {
      document.getElementById("result").textContent = text;
    });
  }
</script></html>`;

async function serve() {
  const settings = { authority: BLASTIQ_AUTHORITY, clientId: BLASTIQ_CLIENT_ID, api: BLASTIQ_API_URL };
  const html = page({ ...settings, calls: Number(BLASTIQ_API_CALLS) });
  const library = await readFile(LIBRARY);
  const server = createServer((request, response) => {
    const script = request.url === "/oidc-client-ts.min.js";
    response.setHeader("Content-Type", script ? "text/javascript" : "text/html; charset=utf-8");
    response.end(script ? library : html);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

async function visit(window, address) {
  await window.goto(address);
  await window.click("#sign-in");
  await window.waitForSelector("#password");
  await window.type("#username", BLASTIQ_USERNAME);
  await window.type("#password", BLASTIQ_PASSWORD);
  await window.keyboard.press("Enter");
  await (await window.waitForSelector("button[value=yes]")).click();
  const result = await window.waitForSelector("#result:not(:empty)");
  return result.evaluate((shown) => shown.textContent);
}

const server = await serve();
const profile = await mkdtemp(join(tmpdir(), "profile-"));
const browser = await puppeteer.launch({
  executablePath: CHROMIUM,
  userDataDir: profile,
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
});
try {
  const window = await browser.newPage();
  const result = await visit(window, `http://127.0.0.1:${server.address().port}/`);
  if (result !== "done") {
    console.error(`BlastIQ: ${result}`);
    process.exitCode = 1;
  }
} catch (problem) {
  console.error(`BlastIQ: ${problem.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
  server.close();
  server.closeAllConnections();
}
