// MSAL Node: `acquireTokenInteractive` at an OpenID Connect authority of any maker, in the browser that BROWSER names.
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { PublicClientApplication } from "@azure/msal-node";

const { BLASTIQ_AUTHORITY, BLASTIQ_API_URL, BLASTIQ_CLIENT_ID, BLASTIQ_API_CALLS, BROWSER } = process.env;
const SCOPES = ["cosmos"];
// The library passes an answer with another state over and waits for the right one without end.
const PATIENCE = 8000;

async function tooLong() {
  await sleep(PATIENCE, undefined, { ref: false });
  throw new Error("the sign-in has taken too long");
}

function callApi(tokens) {
  return fetch(BLASTIQ_API_URL, { headers: { Authorization: `Bearer ${tokens.accessToken}` } });
}

try {
  const application = new PublicClientApplication({
    auth: {
      clientId: BLASTIQ_CLIENT_ID,
      authority: BLASTIQ_AUTHORITY,
      knownAuthorities: [new URL(BLASTIQ_AUTHORITY).host],
    },
    system: { protocolMode: "OIDC" },
  });
  const openBrowser = async (address) => void spawn(BROWSER, [address], { stdio: "ignore" });
  let tokens = await Promise.race([application.acquireTokenInteractive({ scopes: SCOPES, openBrowser }), tooLong()]);
  for (let call = 0; call < Number(BLASTIQ_API_CALLS); call++) {
    await sleep(call ? 1000 : 0);
    let answer = await callApi(tokens);
    if (answer.status === 401) {
      tokens = await application.acquireTokenSilent({ scopes: SCOPES, account: tokens.account, forceRefresh: true });
      answer = await callApi(tokens);
    }
    if (!answer.ok) throw new Error(`the API answered ${answer.status}`);
  }
} catch (problem) {
  console.error(`BlastIQ: ${problem.message}`);
  process.exit(1);
}
