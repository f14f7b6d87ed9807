// openid-client 5: Issuer.discover and client.grant, as its README shows, with the auth method "none" of a public client.
import { Issuer, custom } from 'openid-client';

const { BLASTIQ_AUTHORITY, BLASTIQ_USERNAME, BLASTIQ_PASSWORD, BLASTIQ_CLIENT_ID, BLASTIQ_API_URL } = process.env;
custom.setHttpOptionsDefaults({ timeout: 10_000 });

async function discover() {
  const issuer = await Issuer.discover(BLASTIQ_AUTHORITY);
  const slashless = (url) => url.replace(/\/$/, '');
  if (slashless(issuer.issuer) !== slashless(BLASTIQ_AUTHORITY)) throw new Error('the issuer is not the authority');
  // Without "none" the library wants a secret, since discovery lists only methods that have one.
  return new issuer.Client({ client_id: BLASTIQ_CLIENT_ID, token_endpoint_auth_method: 'none' });
}

async function signIn(client) {
  const tokens = await client.grant({ grant_type: 'password', username: BLASTIQ_USERNAME, password: BLASTIQ_PASSWORD });
  if (!tokens.access_token || tokens.token_type?.toLowerCase() !== 'bearer') throw new Error('no bearer token');
  return tokens;
}

async function renew(client, { refresh_token }) {
  if (!refresh_token) return signIn(client);
  try {
    return { refresh_token, ...(await client.refresh(refresh_token)) };
  } catch (problem) {
    if (problem.error !== 'invalid_grant') throw problem;
    return signIn(client);
  }
}

try {
  if (!BLASTIQ_USERNAME || !BLASTIQ_PASSWORD) throw new Error('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD');
  const client = await discover();
  let tokens = await signIn(client);
  for (let call = 0; call < Number(process.env.BLASTIQ_API_CALLS); call++) {
    if (call) await new Promise((resolve) => setTimeout(resolve, 1000));
    let answer = await client.requestResource(BLASTIQ_API_URL, tokens.access_token);
    if (answer.statusCode === 401) {
      tokens = await renew(client, tokens);
      answer = await client.requestResource(BLASTIQ_API_URL, tokens.access_token);
    }
    if (answer.statusCode !== 200) throw new Error(`the API answered ${answer.statusCode}`);
  }
} catch (problem) {
  console.error(`BlastIQ: ${problem.message}`);
  process.exitCode = 1;
}
