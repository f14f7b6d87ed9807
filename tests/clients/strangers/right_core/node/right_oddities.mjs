// What is unusual but legal, in Node: each class differs from the plain client in one thing. Start it with a name.
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import http from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import querystring from 'node:querystring';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

import { BlastiqError, Client, env, pause } from './right_client.mjs';

/** querystring.stringify, which writes a blank as %20 and leaves !'()* as they are; one kept connection; no Accept. */
class Querystring extends Client {
  agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  form(fields) {
    return querystring.stringify(fields);
  }

  async run() {
    await super.run();
    this.agent.destroy();
  }

  send(method, url, headers, body) {
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(10_000);
      const request = http.request(url, { method, headers, agent: this.agent, signal }, async (answer) => {
        try {
          const pieces = await answer.toArray();
          resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces).toString() });
        } catch (problem) {
          reject(problem);
        }
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}

/** fetch as it comes: redirects are followed, a 307 with the form, to another origin without Authorization. */
class FollowsRedirects extends Client {
  redirect = 'follow';
}

/** Waits until its standard input ends, reads its orders there, and does without if there are none. */
class ReadsInput extends Client {
  async run() {
    let orders = '';
    for await (const piece of process.stdin) orders += piece;
    this.orders = orders.trim() ? orders.trim().split('\n') : [];
    await super.run();
  }
}

/** Writes a log: who, what, when, which token by its digest; no secret. */
class WritesLog extends Client {
  async send(method, url, headers, body) {
    const token = (headers.Authorization ?? '').slice('Bearer '.length);
    const which = token && createHash('sha256').update(token).digest('hex').slice(0, 8);
    const answer = await super.send(method, url, headers, body);
    const line = { at: new Date(), user: env('BLASTIQ_USERNAME'), method, url, which, status: answer.status };
    appendFileSync(join(homedir() || '.', 'blastiq.log'), `${JSON.stringify(line)}\n`);
    return answer;
  }
}

/** One try: what is answered 429 or 503, or not at all, is for the next run. */
class SingleTry extends Client {
  tries = 1;
}

/** Says twice what it is: W3C trace headers as OpenTelemetry adds them to every request, and baggage. */
class Traced extends Client {
  trace = randomBytes(16).toString('hex');

  send(method, url, headers, body) {
    const traceparent = `00-${this.trace}-${randomBytes(8).toString('hex')}-01`;
    return super.send(method, url, { ...headers, traceparent, baggage: 'service.name=night-sync,site=7' }, body);
  }
}

/** got with its own retries (GET and not POST, after 1 s and 2 s), and the renewal in a hook, as its documentation shows. */
class GotHooks extends Client {
  tries = 1;

  async run() {
    const { default: got } = await import('got');
    const plain = { timeout: { request: 10_000 }, followRedirect: false, throwHttpErrors: false };
    this.got = got.extend({ ...plain, headers: { 'user-agent': 'night-sync/7 (+got)' } });
    this.api = got.extend({ ...plain, retry: { limit: 0 }, hooks: { afterResponse: [this.renewing.bind(this)] } });
    await super.run();
  }

  async renewing(response, retryWithMergedOptions) {
    if (response.statusCode !== 401) return response;
    await this.renew();
    return retryWithMergedOptions({ headers: { Authorization: `Bearer ${this.tokens.access_token}` } });
  }

  async call() {
    const answer = await this.callApi();
    if (answer.status !== 200) throw new BlastiqError(`the API answered ${answer.status}`);
  }

  async send(method, url, headers, body) {
    const got = url === env('BLASTIQ_API_URL') ? this.api : this.got;
    const { statusCode: status, headers: fields, body: text } = await got(url, { method, headers, body });
    return { status, headers: fields, body: text };
  }
}

/** axios with the renewal in an interceptor that marks the request as repeated. */
class AxiosInterceptor extends Client {
  async run() {
    const { default: axios } = await import('axios');
    this.axios = axios.create({ maxRedirects: 0, responseType: 'text', transformResponse: [] });
    this.axios.interceptors.response.use((answer) => answer, async (problem) => {
      const { config, response } = problem;
      if (!response) throw problem;
      if (response.status !== 401 || config.repeated || config.url !== env('BLASTIQ_API_URL')) return response;
      await this.renew();
      config.headers.Authorization = `Bearer ${this.tokens.access_token}`;
      return this.axios.request({ ...config, repeated: true });
    });
    await super.run();
  }

  async call() {
    const answer = await this.callApi();
    if (answer.status !== 200) throw new BlastiqError(`the API answered ${answer.status}`);
  }

  async send(method, url, headers, data) {
    const answer = await this.axios.request({ method, url, headers, data, signal: AbortSignal.timeout(10_000) });
    return { status: answer.status, headers: answer.headers, body: answer.data };
  }
}

/** Two threads, each of which signs in for itself; the main thread gives them their turns, and both at once if it may. */
class TwoWorkers extends Client {
  async run() {
    this.demandCredentials();
    const workers = [0, 1].map(() => new Worker(new URL(import.meta.url), { argv: ['two-workers'] }));
    const turn = (worker) => new Promise((resolve, reject) => {
      worker.once('message', (failure) => (failure ? reject(new BlastiqError(failure)) : resolve()));
      worker.postMessage('call');
    });
    try {
      for (let call = 0; call < Number(env('BLASTIQ_API_CALLS')); call++) {
        if (call) await pause(1);
        await Promise.all(env('BLASTIQ_CONCURRENCY') ? workers.map(turn) : [turn(workers[call % 2])]);
      }
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
  }

  serve() {
    parentPort.on('message', async () => {
      try {
        if (!this.endpoint) await this.discover();
        if (!this.tokens.access_token) await this.signIn();
        await this.call();
        parentPort.postMessage('');
      } catch (problem) {
        parentPort.postMessage(problem instanceof BlastiqError ? problem.message : problem.name);
      }
    });
  }
}

const ODDITIES = {
  querystring: Querystring, 'follows-redirects': FollowsRedirects, 'reads-input': ReadsInput, 'writes-log': WritesLog,
  'single-try': SingleTry, traced: Traced, 'got-hooks': GotHooks, 'axios-interceptor': AxiosInterceptor,
  'two-workers': TwoWorkers,
};

const client = new ODDITIES[process.argv[2]]();
await (isMainThread ? client.main() : client.serve());
