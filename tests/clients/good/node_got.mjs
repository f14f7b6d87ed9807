// got: an extended instance, its `form` option and `.json()`, as its README shows; its own retries are off for POST.
import got from 'got';

const { BLASTIQ_AUTHORITY, BLASTIQ_USERNAME, BLASTIQ_PASSWORD, BLASTIQ_CLIENT_ID, BLASTIQ_API_URL } = process.env;
const authority = BLASTIQ_AUTHORITY.replace(/\/$/, '');
const http = got.extend({ timeout: { request: 10_000 }, retry: { limit: 0 }, followRedirect: false });

async function discover() {
  const document = await http.get(`${authority}/.well-known/openid-configuration`).json();
  if (document.issuer?.replace(/\/$/, '') !== authority) throw new Error('the issuer is not the authority');
  if (!document.token_endpoint) throw new Error('discovery names no token endpoint');
  return document.token_endpoint;
}

async function signIn(endpoint) {
  const form = { grant_type: 'password', username: BLASTIQ_USERNAME, password: BLASTIQ_PASSWORD };
  const tokens = await http.post(endpoint, { form: { ...form, client_id: BLASTIQ_CLIENT_ID } }).json();
  if (!tokens?.access_token || tokens.token_type?.toLowerCase() !== 'bearer') throw new Error('no bearer token');
  return tokens.access_token;
}

async function callApi(token) {
  const { statusCode } = await http.get(BLASTIQ_API_URL, { headers: { authorization: `Bearer ${token}` } });
  // Where it may not follow a redirect, got takes one for a success.
  if (statusCode >= 300) throw new Error(`the API answered ${statusCode}`);
}

try {
  if (!BLASTIQ_USERNAME || !BLASTIQ_PASSWORD) throw new Error('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD');
  const endpoint = await discover();
  let token = await signIn(endpoint);
  for (let call = 0; call < Number(process.env.BLASTIQ_API_CALLS); call++) {
    if (call) await new Promise((resolve) => setTimeout(resolve, 1000));
    try {
      await callApi(token);
    } catch (problem) {
      if (problem.response?.statusCode !== 401) throw problem;
      token = await signIn(endpoint);
      await callApi(token);
    }
  }
} catch (problem) {
  console.error(`BlastIQ: ${problem.message}`);
  process.exitCode = 1;
}
