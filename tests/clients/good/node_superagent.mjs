// superagent: .type('form').send({...}), as its documentation on posting forms shows; signs in again on 401.
import superagent from 'superagent';

const { BLASTIQ_AUTHORITY, BLASTIQ_USERNAME, BLASTIQ_PASSWORD, BLASTIQ_CLIENT_ID, BLASTIQ_API_URL } = process.env;
const authority = BLASTIQ_AUTHORITY.replace(/\/$/, '');
const http = superagent.agent().timeout(10_000).redirects(0);

async function discover() {
  const { body } = await http.get(`${authority}/.well-known/openid-configuration`);
  if (body.issuer?.replace(/\/$/, '') !== authority) throw new Error('the issuer is not the authority');
  if (!body.token_endpoint) throw new Error('discovery names no token endpoint');
  return body.token_endpoint;
}

async function signIn(endpoint) {
  const form = { grant_type: 'password', username: BLASTIQ_USERNAME, password: BLASTIQ_PASSWORD };
  const { body } = await http.post(endpoint).type('form').send({ ...form, client_id: BLASTIQ_CLIENT_ID });
  if (!body?.access_token || body.token_type?.toLowerCase() !== 'bearer') throw new Error('no bearer token');
  return body.access_token;
}

const callApi = (token) => http.get(BLASTIQ_API_URL).auth(token, { type: 'bearer' });

try {
  if (!BLASTIQ_USERNAME || !BLASTIQ_PASSWORD) throw new Error('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD');
  const endpoint = await discover();
  let token = await signIn(endpoint);
  for (let call = 0; call < Number(process.env.BLASTIQ_API_CALLS); call++) {
    if (call) await new Promise((resolve) => setTimeout(resolve, 1000));
    try {
      await callApi(token);
    } catch (problem) {
      if (problem.status !== 401) throw problem;
      token = await signIn(endpoint);
      await callApi(token);
    }
  }
} catch (problem) {
  console.error(`BlastIQ: ${problem.message}`);
  process.exitCode = 1;
}
