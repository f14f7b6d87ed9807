// A right client on Node's fetch, and what real JavaScript programs do wrong in it: `stranger.mjs [FLAW]`.
import { setTimeout as sleep } from 'node:timers/promises';

const env = process.env;
class StrangerError extends Error {}
class RefusedError extends StrangerError {}

class Client {
  authority = env.BLASTIQ_AUTHORITY.replace(/\/$/, '');
  tokens = {};

  // One try; the signal covers the body too.
  async send(url, init) {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000), ...init });
    return { status: answer.status, body: await answer.text(), told: this.retryAfter(answer.headers.get('retry-after') ?? '') };
  }

  retryAfter(header) { // milliseconds
    return /^\d+$/.test(header) ? header * 1000 : Math.max(0, Date.parse(header) - Date.now() || 0);
  }

  async ask(url, init = {}) {
    for (const usual of [1000, 2000, null]) {
      const answer = await this.send(url, init).catch((problem) => ({ status: 0, lost: problem.name, told: 0 }));
      const again = answer.status === 0 || answer.status === 429 || answer.status >= 500;
      if (!again || usual === null || answer.told > 30_000) {
        if (answer.lost) throw new StrangerError(`no answer: ${answer.lost}`);
        return answer;
      }
      await sleep(Math.max(usual, answer.told));
    }
  }

  parse(body) {
    try {
      return JSON.parse(body);
    } catch {
      return null;
    }
  }

  object({ status, body }, what) {
    if (status !== 200) throw new (status === 400 ? RefusedError : StrangerError)(`${what} was answered ${status}`);
    const document = this.parse(body);
    if (document === null || typeof document !== 'object' || Array.isArray(document)) {
      throw new StrangerError(`${what} was answered with something else than a JSON object`);
    }
    return document;
  }

  isAuthority(issuer) {
    return typeof issuer === 'string' && issuer.replace(/\/$/, '') === this.authority;
  }

  async discover() {
    const document = this.object(await this.ask(`${this.authority}/.well-known/openid-configuration`), 'discovery');
    if (!this.isAuthority(document.issuer)) throw new StrangerError('the issuer is not the authority');
    this.endpoint = String(document.token_endpoint ?? '');
    if (!this.endpoint.startsWith(this.authority.startsWith('https:') ? 'https:' : 'http')) {
      throw new StrangerError('discovery names no token endpoint');
    }
  }

  post(form) {
    return this.ask(this.endpoint, { method: 'POST', body: new URLSearchParams(form) });
  }

  isGood({ access_token: token, token_type: type }) {
    return typeof token === 'string' && token !== '' && String(type).toLowerCase() === 'bearer';
  }

  readTokens(answer) {
    const tokens = this.object(answer, 'the token request');
    if (!this.isGood(tokens)) throw new StrangerError('no bearer token');
    return tokens;
  }

  async request(grant) {
    return this.readTokens(await this.post({ ...grant, client_id: env.BLASTIQ_CLIENT_ID }));
  }

  async signIn() {
    const { BLASTIQ_USERNAME: username, BLASTIQ_PASSWORD: password } = env;
    this.tokens = await this.request({ grant_type: 'password', username, password });
  }

  keep(tokens) {
    this.tokens = { ...this.tokens, ...tokens };
  }

  async renew() {
    if (!this.tokens.refresh_token) return this.signIn();
    try {
      this.keep(await this.request({ grant_type: 'refresh_token', refresh_token: this.tokens.refresh_token }));
    } catch (problem) {
      if (!(problem instanceof RefusedError)) throw problem;
      await this.signIn();
    }
  }

  async callApi() {
    return this.ask(env.BLASTIQ_API_URL, { headers: { Authorization: `Bearer ${this.tokens.access_token}` } });
  }

  async work() {
    let answer = await this.callApi();
    if (answer.status === 401) {
      await this.renew();
      answer = await this.callApi();
    }
    if (answer.status !== 200) throw new StrangerError(`the API answered ${answer.status}`);
  }

  async calls(count) {
    for (let call = 0; call < count; call++) {
      if (call) await sleep(1000);
      await this.work();
    }
  }

  async run() {
    if (!env.BLASTIQ_USERNAME || !env.BLASTIQ_PASSWORD) throw new StrangerError('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD');
    await this.discover();
    await this.signIn();
    await this.calls(Number(env.BLASTIQ_API_CALLS));
  }

  report(problem) {
    console.error(`BlastIQ: ${problem.message}`);
  }
}

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const flaws = {
  // The header of a form was copied, and the body is JSON.stringify's.
  'json-as-form': class extends Client {
    post(fields) {
      return this.ask(this.endpoint, { method: 'POST', headers: form, body: JSON.stringify(fields) });
    }
  },
  // escape() of the first JavaScript, with the plus mended by hand: %E9 and %u20AC.
  escape: class extends Client {
    post(fields) {
      const pairs = Object.entries(fields).map(([name, value]) => `${name}=${escape(value).replaceAll('+', '%2B')}`);
      return this.ask(this.endpoint, { method: 'POST', headers: form, body: pairs.join('&') });
    }
  },
  // The newest answer is all there is: where it has no refresh token, URLSearchParams writes "undefined".
  'forgets-refresh': class extends Client {
    keep(tokens) {
      this.tokens = { ...tokens, refresh_token: tokens.refresh_token ?? 'undefined' };
    }
  },
  // The kind of token is looked at, and not whether there is one.
  'bearer-undefined': class extends Client {
    isGood(tokens) {
      return !tokens.access_token || super.isGood(tokens);
    }
  },
  // axios, and its whole error on the console: it carries the request's config with the form.
  'logs-axios-error': class extends Client {
    async send(url, init) {
      if (init.method !== 'POST') return super.send(url, init);
      const { default: axios } = await import('axios');
      const options = { timeout: 10_000, maxRedirects: 0, responseType: 'text', transformResponse: (text) => text };
      try {
        const { status, data } = await axios.post(url, String(init.body), { ...options, headers: form });
        return { status, body: data, told: 0 };
      } catch (error) {
        console.error(error);
        if (!error.response) throw error;
        const told = this.retryAfter(error.response.headers['retry-after'] ?? '');
        return { status: error.response.status, body: error.response.data, told };
      }
    }
  },
  // parseInt of a date is NaN, and setTimeout(f, NaN) is at once.
  'retry-after-nan': class extends Client {
    retryAfter(header) {
      return header ? parseInt(header) * 1000 : 0;
    }
  },
  // Promise.all over everything that there is to fetch; the token is renewed by one for all.
  'all-at-once': class extends Client {
    async renew() {
      this.renewing ??= super.renew().finally(() => { this.renewing = null; });
      await this.renewing;
    }

    async calls(count) {
      await Promise.all(Array.from({ length: count }, () => this.work()));
    }
  },
  // The whole answer stands where its access_token belongs: Bearer [object Object].
  'prints-object': class extends Client {
    async callApi() {
      return this.ask(env.BLASTIQ_API_URL, { headers: { Authorization: `Bearer ${this.tokens}` } });
    }
  },
  // The field has the name of the variable.
  'camel-case': class extends Client {
    post({ refresh_token: refreshToken, ...fields }) {
      return super.post(refreshToken === undefined ? fields : { ...fields, refreshToken });
    }
  },
  // The store of secrets keeps base64, and what is read from it is not decoded.
  'kept-in-base64': class extends Client {
    post({ refresh_token: token, ...fields }) {
      return super.post(token === undefined ? fields : { ...fields, refresh_token: Buffer.from(token).toString('base64') });
    }
  },
  // A timer that renews a minute ahead: of no lifetime, of none that is left, and of a huge one it makes 1 ms.
  'renewal-timer': class extends Client {
    keep(tokens) {
      super.keep(tokens);
      this.start();
    }

    async signIn() {
      await super.signIn();
      this.start();
    }

    start() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.renew().catch(() => {}), (this.tokens.expires_in - 60) * 1000).unref();
    }
  },
  // The issuer is made for each call, as if it cost nothing.
  'discovers-each-time': class extends Client {
    async callApi() {
      await this.discover();
      return super.callApi();
    }
  },
  // The header is set on the client for good, as axios.defaults.headers does, and goes to the token endpoint too.
  'keeps-header': class extends Client {
    send(url, init) {
      const token = this.tokens.access_token;
      return super.send(url, token ? { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } } : init);
    }
  },
  // The sign-in is a form, the refresh went through the function that posts JSON.
  'json-refresh': class extends Client {
    post(fields) {
      if (!fields.refresh_token) return super.post(fields);
      const headers = { 'Content-Type': 'application/json' };
      return this.ask(this.endpoint, { method: 'POST', headers, body: JSON.stringify(fields) });
    }
  },
  // Whoever answers at the address is believed.
  'any-issuer': class extends Client {
    isAuthority() { return true; }
  },
  // The client's id is put into `params`, the rest into `data`.
  'client-in-query': class extends Client {
    post({ client_id: id, ...fields }) {
      const url = new URL(this.endpoint);
      url.searchParams.set('client_id', id);
      return this.ask(url, { method: 'POST', body: new URLSearchParams(fields) });
    }
  },
  // Six tries more, a second apart, however long the server has been down.
  'steady-retries': class extends Client {
    async ask(url, init = {}) {
      let answer = await super.ask(url, init);
      for (let more = 0; answer.status >= 500 && more < 6; more++) {
        await sleep(Math.max(1000, answer.told));
        answer = await this.send(url, init).catch(() => answer);
      }
      return answer;
    }
  },
  // The scopes that a library for Microsoft's identity platform adds by itself.
  'reserved-scopes': class extends Client {
    request(grant) {
      return super.request({ ...grant, scope: 'cosmos openid profile offline_access' });
    }
  },
  // .catch with a line on the console at the end of the calls: the promise is fulfilled, and the status 0.
  'catches-calls': class extends Client {
    calls(count) {
      return super.calls(count).catch((problem) => this.report(problem));
    }
  },
  // JSON.parse of whatever the token endpoint said, before anything else.
  'parses-first': class extends Client {
    readTokens(answer) {
      JSON.parse(answer.body);
      return super.readTokens(answer);
    }
  },
  // fetch as it comes: 307 and 308 take the form along.
  'follows-redirects': class extends Client {
    send(url, init) {
      return super.send(url, init.method === 'POST' ? { ...init, redirect: 'follow' } : init);
    }
  },
};

const client = new (process.argv[2] ? flaws[process.argv[2]] : Client)();
try {
  await client.run();
} catch (problem) {
  if (!(problem instanceof StrangerError)) throw problem;
  client.report(problem);
  process.exitCode = 1;
}
