// oidc-provider with a password grant by registerGrantType and RS256 access tokens; prints the token endpoint.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const resource = 'urn:blastiq:api';
const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'external.customer',
      grant_types: ['password'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'none',
    },
  ],
  scopes: ['cosmos'],
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        accessTokenFormat: 'jwt',
        accessTokenTTL: 3600,
        jwt: { sign: { alg: 'RS256' } },
        scope: 'cosmos',
      }),
    },
  },
});

async function passwordGrant(...args) {
  const ctx = args.find((arg) => arg?.oidc);
  const { username, password } = ctx.oidc.params;
  if (username !== 'bench' || password !== 'bench-password') {
    ctx.status = 400;
    ctx.body = { error: 'invalid_grant' };
    return;
  }
  const token = new provider.AccessToken({
    accountId: username,
    client: ctx.oidc.client,
    gty: 'password',
    scope: 'cosmos',
  });
  token.resourceServer = new provider.ResourceServer(resource, {
    accessTokenFormat: 'jwt',
    accessTokenTTL: 3600,
    jwt: { sign: { alg: 'RS256' } },
    scope: 'cosmos',
  });
  ctx.body = {
    access_token: await token.save(),
    expires_in: token.expiration,
    token_type: 'Bearer',
    scope: 'cosmos',
  };
}

provider.registerGrantType('password', passwordGrant, ['username', 'password']);
server.on('request', provider.callback());
console.log(`${issuer}/token`);
