// axios: an instance with a timeout and a body of URLSearchParams, as its page on urlencoded bodies shows.
import axios from 'axios';

const { BLASTIQ_AUTHORITY, BLASTIQ_USERNAME, BLASTIQ_PASSWORD, BLASTIQ_CLIENT_ID, BLASTIQ_API_URL } = process.env;
const authority = BLASTIQ_AUTHORITY.replace(/\/$/, '');
const http = axios.create({ timeout: 10_000, maxRedirects: 0 });

async function discover() {
  const { data } = await http.get(`${authority}/.well-known/openid-configuration`);
  if (data.issuer?.replace(/\/$/, '') !== authority) throw new Error('the issuer is not the authority');
  if (!data.token_endpoint) throw new Error('discovery names no token endpoint');
  const plain = authority.startsWith('https:') && !data.token_endpoint.startsWith('https:');
  if (plain) throw new Error('the token endpoint is no https:// address');
  return data.token_endpoint;
}

async function requestToken(endpoint, grant) {
  const { data } = await http.post(endpoint, new URLSearchParams({ ...grant, client_id: BLASTIQ_CLIENT_ID }));
  if (!data?.access_token || data.token_type?.toLowerCase() !== 'bearer') throw new Error('no bearer token');
  return data;
}

const signIn = (endpoint) =>
  requestToken(endpoint, { grant_type: 'password', username: BLASTIQ_USERNAME, password: BLASTIQ_PASSWORD });

async function renew(endpoint, { refresh_token }) {
  if (!refresh_token) return signIn(endpoint);
  try {
    return { refresh_token, ...(await requestToken(endpoint, { grant_type: 'refresh_token', refresh_token })) };
  } catch (problem) {
    if (problem.response?.status !== 400) throw problem;
    return signIn(endpoint);
  }
}

const callApi = ({ access_token }) => http.get(BLASTIQ_API_URL, { headers: { Authorization: `Bearer ${access_token}` } });

try {
  if (!BLASTIQ_USERNAME || !BLASTIQ_PASSWORD) throw new Error('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD');
  const endpoint = await discover();
  let tokens = await signIn(endpoint);
  for (let call = 0; call < Number(process.env.BLASTIQ_API_CALLS); call++) {
    if (call) await new Promise((resolve) => setTimeout(resolve, 1000));
    try {
      await callApi(tokens);
    } catch (problem) {
      if (problem.response?.status !== 401) throw problem;
      tokens = await renew(endpoint, tokens);
      await callApi(tokens);
    }
  }
} catch (problem) {
  // Only the message: the error object of axios holds the request, and with it the password.
  console.error(`BlastIQ: ${problem.message}`);
  process.exitCode = 1;
}
