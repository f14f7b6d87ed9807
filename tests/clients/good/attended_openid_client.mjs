// openid-client 5: the code flow with PKCE as its README shows, on a loopback port, in the browser that BROWSER names.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { generators, Issuer } from "openid-client";

const { BLASTIQ_AUTHORITY, BLASTIQ_API_URL, BLASTIQ_CLIENT_ID, BLASTIQ_API_CALLS, BROWSER } = process.env;

async function signIn(issuer) {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const redirectUri = `http://127.0.0.1:${server.address().port}/callback`;
  const client = new issuer.Client({
    client_id: BLASTIQ_CLIENT_ID,
    redirect_uris: [redirectUri],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  });
  const verifier = generators.codeVerifier();
  const state = generators.state();
  const nonce = generators.nonce();
  const returned = new Promise((resolve) => {
    server.once("request", (request, response) => {
      response.end("You can close this page.");
      resolve(request);
    });
  });
  const address = client.authorizationUrl({
    scope: "openid cosmos offline_access",
    code_challenge: generators.codeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  spawn(BROWSER, [address], { stdio: "ignore" });
  const parameters = client.callbackParams(await returned);
  server.close();
  server.closeAllConnections();
  return { client, tokens: await client.callback(redirectUri, parameters, { code_verifier: verifier, state, nonce }) };
}

function callApi(tokens) {
  return fetch(BLASTIQ_API_URL, { headers: { Authorization: `Bearer ${tokens.access_token}` } });
}

try {
  const issuer = await Issuer.discover(BLASTIQ_AUTHORITY);
  let { client, tokens } = await signIn(issuer);
  for (let call = 0; call < Number(BLASTIQ_API_CALLS); call++) {
    await sleep(call ? 1000 : 0);
    let answer = await callApi(tokens);
    if (answer.status === 401) {
      tokens = await client.refresh(tokens.refresh_token);
      answer = await callApi(tokens);
    }
    if (!answer.ok) throw new Error(`the API answered ${answer.status}`);
  }
} catch (problem) {
  console.error(`BlastIQ: ${problem.message}`);
  process.exitCode = 1;
}
