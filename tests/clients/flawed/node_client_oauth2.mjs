// client-oauth2: owner.getToken as its README shows; the client id goes to a Basic header alone.
import ClientOAuth2 from 'client-oauth2';

const { BLASTIQ_AUTHORITY, BLASTIQ_USERNAME, BLASTIQ_PASSWORD, BLASTIQ_CLIENT_ID, BLASTIQ_API_URL } = process.env;
const discovered = await fetch(`${BLASTIQ_AUTHORITY.replace(/\/$/, '')}/.well-known/openid-configuration`);
const { token_endpoint } = await discovered.json();

try {
  const client = new ClientOAuth2({ clientId: BLASTIQ_CLIENT_ID, accessTokenUri: token_endpoint });
  const { accessToken: token } = await client.owner.getToken(BLASTIQ_USERNAME, BLASTIQ_PASSWORD);
  const called = await fetch(BLASTIQ_API_URL, { headers: { Authorization: `Bearer ${token}` } });
  if (!called.ok) throw new Error(`the API answered ${called.status}`);
} catch (problem) {
  console.error(`BlastIQ: ${problem.message}`);
  process.exitCode = 1;
}
