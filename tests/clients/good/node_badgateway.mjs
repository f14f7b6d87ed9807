// @badgateway/oauth2-client: OAuth2Client with a server and a clientId alone, then password() and refreshToken().
import { OAuth2Client } from '@badgateway/oauth2-client';

const { BLASTIQ_AUTHORITY, BLASTIQ_USERNAME, BLASTIQ_PASSWORD, BLASTIQ_CLIENT_ID, BLASTIQ_API_URL } = process.env;
const authority = BLASTIQ_AUTHORITY.replace(/\/$/, '');
const ask = (url, options) => fetch(url, { ...options, redirect: 'error', signal: AbortSignal.timeout(10_000) });

async function discover() {
  const answer = await ask(`${authority}/.well-known/openid-configuration`);
  if (!answer.ok) throw new Error(`discovery answered ${answer.status}`);
  const document = await answer.json();
  // The library has a discovery of its own, for RFC 8414; it does not compare the issuer.
  if (document.issuer?.replace(/\/$/, '') !== authority) throw new Error('the issuer is not the authority');
  if (!document.token_endpoint) throw new Error('discovery names no token endpoint');
  return new OAuth2Client({ clientId: BLASTIQ_CLIENT_ID, tokenEndpoint: document.token_endpoint, fetch: ask });
}

async function signIn(client) {
  const tokens = await client.password({ username: BLASTIQ_USERNAME, password: BLASTIQ_PASSWORD });
  if (!tokens.accessToken) throw new Error('no access token');
  return tokens;
}

async function renew(client, tokens) {
  if (!tokens.refreshToken) return signIn(client);
  try {
    return await client.refreshToken(tokens);
  } catch (problem) {
    if (problem.oauth2Code !== 'invalid_grant') throw problem;
    return signIn(client);
  }
}

const callApi = ({ accessToken }) => ask(BLASTIQ_API_URL, { headers: { Authorization: `Bearer ${accessToken}` } });

try {
  if (!BLASTIQ_USERNAME || !BLASTIQ_PASSWORD) throw new Error('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD');
  const client = await discover();
  let tokens = await signIn(client);
  for (let call = 0; call < Number(process.env.BLASTIQ_API_CALLS); call++) {
    if (call) await new Promise((resolve) => setTimeout(resolve, 1000));
    let answer = await callApi(tokens);
    if (answer.status === 401) {
      tokens = await renew(client, tokens);
      answer = await callApi(tokens);
    }
    if (!answer.ok) throw new Error(`the API answered ${answer.status}`);
  }
} catch (problem) {
  console.error(`BlastIQ: ${problem.message}`);
  process.exitCode = 1;
}
