// A right client on fetch; each method is a seam for one oddity of right_oddities.mjs.

export class BlastiqError extends Error {}

export const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
export const env = (name) => process.env[name] ?? '';

export class Client {
  tries = 3;
  redirect = 'manual';
  tokens = {};
  authority = env('BLASTIQ_AUTHORITY').replace(/\/$/, '');

  async main() {
    try {
      await this.run();
    } catch (problem) {
      console.error(`BlastIQ: ${problem instanceof BlastiqError ? problem.message : problem.name}`);
      process.exitCode = 1;
    }
  }

  async run() {
    this.demandCredentials();
    await this.discover();
    await this.signIn();
    await this.work();
  }

  demandCredentials() {
    if (!env('BLASTIQ_USERNAME') || !env('BLASTIQ_PASSWORD')) {
      throw new BlastiqError('set BLASTIQ_USERNAME and BLASTIQ_PASSWORD');
    }
  }

  async work() {
    for (let call = 0; call < Number(env('BLASTIQ_API_CALLS')); call++) {
      if (call) await pause(1);
      await this.call();
    }
  }

  async discover() {
    const document = this.object(await this.patiently('GET', `${this.authority}/.well-known/openid-configuration`));
    if (String(document.issuer).replace(/\/$/, '') !== this.authority) {
      throw new BlastiqError('the issuer is not the authority');
    }
    const usable = this.authority.startsWith('https:') ? /^https:/ : /^https?:/;
    if (!usable.test(document.token_endpoint)) {
      throw new BlastiqError('discovery names no token endpoint that may be used');
    }
    this.endpoint = document.token_endpoint;
  }

  async signIn() {
    const grant = { grant_type: 'password', username: env('BLASTIQ_USERNAME'), password: env('BLASTIQ_PASSWORD') };
    const answer = await this.ask(grant);
    this.tokens = {};
    this.keep(answer);
  }

  async renew() {
    const { refresh_token } = this.tokens;
    if (!refresh_token) return this.signIn();
    const answer = await this.ask({ grant_type: 'refresh_token', refresh_token });
    return answer.status === 400 ? this.signIn() : this.keep(answer);
  }

  ask(grant) {
    const form = this.form({ ...grant, client_id: env('BLASTIQ_CLIENT_ID') });
    return this.patiently('POST', this.endpoint, { 'Content-Type': 'application/x-www-form-urlencoded' }, form);
  }

  form(fields) {
    return new URLSearchParams(fields).toString();
  }

  keep(answer) {
    const tokens = this.object(answer);
    if (typeof tokens.access_token !== 'string' || !tokens.access_token) {
      throw new BlastiqError('the answer holds no access token');
    }
    if (String(tokens.token_type).toLowerCase() !== 'bearer') throw new BlastiqError('the token is no bearer token');
    this.tokens = { ...this.tokens, ...tokens };
  }

  object({ status, body }) {
    if (status !== 200) throw new BlastiqError(`the identity server answered ${status}`);
    let object;
    try {
      object = JSON.parse(body);
    } catch {
      throw new BlastiqError('the answer is not JSON');
    }
    if (object === null || typeof object !== 'object' || Array.isArray(object)) {
      throw new BlastiqError('the answer is no JSON object');
    }
    return object;
  }

  async call() {
    let answer = await this.callApi();
    if (answer.status === 401) {
      await this.renew();
      answer = await this.callApi();
    }
    if (answer.status !== 200) throw new BlastiqError(`the API answered ${answer.status}`);
  }

  callApi() {
    return this.patiently('GET', env('BLASTIQ_API_URL'), { Authorization: `Bearer ${this.tokens.access_token}` });
  }

  // Three tries at most, with growing pauses; what Retry-After asks for goes before: RFC 9110 10.2.3.
  async patiently(method, url, headers = {}, body = undefined) {
    for (let tried = 1; ; tried++) {
      let wait = 2 ** (tried - 1);
      try {
        const answer = await this.send(method, url, headers, body);
        wait = this.pauseAfter(answer, wait);
        if ((answer.status !== 429 && answer.status < 500) || tried >= this.tries || wait > 30) return answer;
      } catch (problem) {
        if (problem instanceof BlastiqError) throw problem;
        if (tried >= this.tries) throw new BlastiqError(`no answer: ${problem.cause?.code ?? problem.code ?? problem.name}`);
      }
      await pause(wait);
    }
  }

  pauseAfter({ status, headers }, own) {
    const asked = headers['retry-after'] ?? '';
    if (/^\d+$/.test(asked)) return Number(asked);
    const until = (Date.parse(asked) - Date.now()) / 1000;
    return Number.isNaN(until) ? own * (status === 429 ? 2 : 1) : Math.max(own, until);
  }

  async send(method, url, headers, body) {
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(url, { method, headers, body, signal, redirect: this.redirect });
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
  }
}
