// fetch, built into Node: a body of URLSearchParams sets the form type by itself, as MDN shows; refreshes on 401.

const { BLASTIQ_AUTHORITY, BLASTIQ_USERNAME, BLASTIQ_PASSWORD, BLASTIQ_CLIENT_ID, BLASTIQ_API_URL } = process.env;
const authority = BLASTIQ_AUTHORITY.replace(/\/$/, '');
const passwordGrant = { grant_type: 'password', username: BLASTIQ_USERNAME, password: BLASTIQ_PASSWORD };

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
// A redirect would carry the password on: none is followed.
const ask = (url, options = {}) => fetch(url, { ...options, redirect: 'error', signal: AbortSignal.timeout(10_000) });

async function discover() {
  const answer = await ask(`${authority}/.well-known/openid-configuration`);
  if (!answer.ok) throw new Error(`discovery answered ${answer.status}`);
  const document = await answer.json();
  if (document.issuer?.replace(/\/$/, '') !== authority) throw new Error('the issuer is not the authority');
  if (!document.token_endpoint) throw new Error('discovery names no token endpoint');
  return document.token_endpoint;
}

async function requestToken(endpoint, grant) {
  const body = new URLSearchParams({ ...grant, client_id: BLASTIQ_CLIENT_ID });
  const answer = await ask(endpoint, { method: 'POST', body });
  if (answer.status === 400) return { refused: (await answer.json()).error };
  if (!answer.ok) throw new Error(`the token endpoint answered ${answer.status}`);
  const tokens = await answer.json();
  if (!tokens?.access_token || tokens.token_type?.toLowerCase() !== 'bearer') throw new Error('no bearer token');
  return tokens;
}

async function signIn(endpoint) {
  const tokens = await requestToken(endpoint, passwordGrant);
  if (tokens.refused) throw new Error(`sign-in refused: ${tokens.refused}`);
  return tokens;
}

async function renew(endpoint, { refresh_token }) {
  if (!refresh_token) return signIn(endpoint);
  const tokens = await requestToken(endpoint, { grant_type: 'refresh_token', refresh_token });
  return tokens.refused ? signIn(endpoint) : { refresh_token, ...tokens };
}

const callApi = ({ access_token }) => ask(BLASTIQ_API_URL, { headers: { Authorization: `Bearer ${access_token}` } });

try {
  if (!BLASTIQ_USERNAME || !BLASTIQ_PASSWORD) throw new Error('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD');
  const endpoint = await discover();
  let tokens = await signIn(endpoint);
  for (let call = 0; call < Number(process.env.BLASTIQ_API_CALLS); call++) {
    if (call) await pause(1);
    let answer = await callApi(tokens);
    if (answer.status === 401) {
      tokens = await renew(endpoint, tokens);
      answer = await callApi(tokens);
    }
    if (!answer.ok) throw new Error(`the API answered ${answer.status}`);
  }
} catch (problem) {
  console.error(`BlastIQ: ${problem.message}`);
  process.exitCode = 1;
}
