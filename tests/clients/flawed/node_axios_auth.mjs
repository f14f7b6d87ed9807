// axios: its option `auth`, filled with the Service User; that makes a Basic header of it.
import axios from 'axios';

const { BLASTIQ_AUTHORITY, BLASTIQ_USERNAME, BLASTIQ_PASSWORD, BLASTIQ_CLIENT_ID, BLASTIQ_API_URL } = process.env;
const discovered = await fetch(`${BLASTIQ_AUTHORITY.replace(/\/$/, '')}/.well-known/openid-configuration`);
const { token_endpoint } = await discovered.json();

try {
  const form = { grant_type: 'password', username: BLASTIQ_USERNAME, password: BLASTIQ_PASSWORD };
  const answer = await axios.post(token_endpoint, new URLSearchParams({ ...form, client_id: BLASTIQ_CLIENT_ID }), {
    auth: { username: BLASTIQ_USERNAME, password: BLASTIQ_PASSWORD },
  });
  const token = answer.data.access_token;
  const called = await fetch(BLASTIQ_API_URL, { headers: { Authorization: `Bearer ${token}` } });
  if (!called.ok) throw new Error(`the API answered ${called.status}`);
} catch (problem) {
  console.error(`BlastIQ: ${problem.message}`);
  process.exitCode = 1;
}
