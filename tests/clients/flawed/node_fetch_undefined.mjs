// fetch: options that are not set go into URLSearchParams, which sends the words undefined and null.

const { BLASTIQ_AUTHORITY, BLASTIQ_USERNAME, BLASTIQ_PASSWORD, BLASTIQ_CLIENT_ID, BLASTIQ_API_URL } = process.env;
const discovered = await fetch(`${BLASTIQ_AUTHORITY.replace(/\/$/, '')}/.well-known/openid-configuration`);
const { token_endpoint } = await discovered.json();

try {
  const body = new URLSearchParams({
    grant_type: 'password',
    username: BLASTIQ_USERNAME,
    password: BLASTIQ_PASSWORD,
    client_id: BLASTIQ_CLIENT_ID,
    client_secret: process.env.BLASTIQ_CLIENT_SECRET,
    scope: null,
  });
  const answer = await fetch(token_endpoint, { method: 'POST', body });
  if (!answer.ok) throw new Error(`sign-in was answered ${answer.status}`);
  const token = (await answer.json()).access_token;
  const called = await fetch(BLASTIQ_API_URL, { headers: { Authorization: `Bearer ${token}` } });
  if (!called.ok) throw new Error(`the API answered ${called.status}`);
} catch (problem) {
  console.error(`BlastIQ: ${problem.message}`);
  process.exitCode = 1;
}
