// axios: an https.Agent with rejectUnauthorized: false, from an answer to DEPTH_ZERO_SELF_SIGNED_CERT.

import { Agent } from 'node:https';
import axios from 'axios';

const { BLASTIQ_AUTHORITY, BLASTIQ_USERNAME, BLASTIQ_PASSWORD, BLASTIQ_CLIENT_ID, BLASTIQ_API_URL } = process.env;
const authority = BLASTIQ_AUTHORITY.replace(/\/$/, '');
const http = axios.create({
  timeout: 10_000,
  maxRedirects: 0,
  httpsAgent: new Agent({ rejectUnauthorized: false }),
});

try {
  const { data: document } = await http.get(`${authority}/.well-known/openid-configuration`);
  const form = new URLSearchParams({
    grant_type: 'password',
    username: BLASTIQ_USERNAME,
    password: BLASTIQ_PASSWORD,
    client_id: BLASTIQ_CLIENT_ID,
  });
  const { data: tokens } = await http.post(document.token_endpoint, form);
  await http.get(BLASTIQ_API_URL, { headers: { Authorization: `Bearer ${tokens.access_token}` } });
} catch (problem) {
  console.error(`BlastIQ: ${problem.message}`);
  process.exitCode = 1;
}
