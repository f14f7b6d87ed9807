// simple-oauth2: ResourceOwnerPassword as its README shows; it wants a secret and sends the client as a Basic header.
import { ResourceOwnerPassword } from 'simple-oauth2';

const { BLASTIQ_AUTHORITY, BLASTIQ_USERNAME, BLASTIQ_PASSWORD, BLASTIQ_CLIENT_ID, BLASTIQ_API_URL } = process.env;
const discovered = await fetch(`${BLASTIQ_AUTHORITY.replace(/\/$/, '')}/.well-known/openid-configuration`);
const { token_endpoint } = await discovered.json();

try {
  const { origin, pathname } = new URL(token_endpoint);
  const client = new ResourceOwnerPassword({
    client: { id: BLASTIQ_CLIENT_ID, secret: '' },
    auth: { tokenHost: origin, tokenPath: pathname },
  });
  const accessToken = await client.getToken({ username: BLASTIQ_USERNAME, password: BLASTIQ_PASSWORD });
  const token = accessToken.token.access_token;
  const called = await fetch(BLASTIQ_API_URL, { headers: { Authorization: `Bearer ${token}` } });
  if (!called.ok) throw new Error(`the API answered ${called.status}`);
} catch (problem) {
  console.error(`BlastIQ: ${problem.message}`);
  process.exitCode = 1;
}
