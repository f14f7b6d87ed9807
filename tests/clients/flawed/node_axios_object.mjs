// axios: post(url, object), as its first example shows; the body is then JSON.
import axios from 'axios';

const { BLASTIQ_AUTHORITY, BLASTIQ_USERNAME, BLASTIQ_PASSWORD, BLASTIQ_CLIENT_ID, BLASTIQ_API_URL } = process.env;
const discovered = await fetch(`${BLASTIQ_AUTHORITY.replace(/\/$/, '')}/.well-known/openid-configuration`);
const { token_endpoint } = await discovered.json();

try {
  const answer = await axios.post(token_endpoint, {
    grant_type: 'password',
    username: BLASTIQ_USERNAME,
    password: BLASTIQ_PASSWORD,
    client_id: BLASTIQ_CLIENT_ID,
  });
  const token = answer.data.access_token;
  const called = await fetch(BLASTIQ_API_URL, { headers: { Authorization: `Bearer ${token}` } });
  if (!called.ok) throw new Error(`the API answered ${called.status}`);
} catch (problem) {
  console.error(`BlastIQ: ${problem.message}`);
  process.exitCode = 1;
}
