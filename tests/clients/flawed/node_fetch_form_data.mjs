// fetch: a body of FormData, as MDN shows for forms; that makes it multipart.

const { BLASTIQ_AUTHORITY, BLASTIQ_USERNAME, BLASTIQ_PASSWORD, BLASTIQ_CLIENT_ID, BLASTIQ_API_URL } = process.env;
const discovered = await fetch(`${BLASTIQ_AUTHORITY.replace(/\/$/, '')}/.well-known/openid-configuration`);
const { token_endpoint } = await discovered.json();

try {
  const body = new FormData();
  body.set('grant_type', 'password');
  body.set('username', BLASTIQ_USERNAME);
  body.set('password', BLASTIQ_PASSWORD);
  body.set('client_id', BLASTIQ_CLIENT_ID);
  const answer = await fetch(token_endpoint, { method: 'POST', body });
  if (!answer.ok) throw new Error(`sign-in was answered ${answer.status}`);
  const token = (await answer.json()).access_token;
  const called = await fetch(BLASTIQ_API_URL, { headers: { Authorization: `Bearer ${token}` } });
  if (!called.ok) throw new Error(`the API answered ${called.status}`);
} catch (problem) {
  console.error(`BlastIQ: ${problem.message}`);
  process.exitCode = 1;
}
