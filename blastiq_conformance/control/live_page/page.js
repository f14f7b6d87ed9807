"use strict";
const WORDS = { error: "FAIL", warning: "WARN", info: "INFO" }, RANKS = Object.keys(WORDS);
const KEPT = 300, TOKEN = /^#[\w-]{32}$/;
const $ = (id) => document.getElementById(id);
let last, failed;

// Browsers synchronise their history, so the token leaves the address at once; a reload finds it in this tab.
if (TOKEN.test(location.hash)) {
  sessionStorage.setItem("token", location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
const token = sessionStorage.getItem("token");
addEventListener("hashchange", () => TOKEN.test(location.hash) && location.reload());

// Whatever a client sent is put in as text; none of it becomes markup.
function make(name, kind, ...content) {
  const made = document.createElement(name);
  made.className = kind;
  made.append(...content);
  return made;
}

function ask(method, path, body) {
  return fetch("/__blastiq__/" + path, { method, body, headers: { "X-BlastIQ-Control": token }, cache: "no-store" });
}

function say(text, bad = false) {
  $("said").textContent = text;
  $("said").className = bad ? "bad" : "";
}

async function act(method, path, body) {
  try {
    const told = await (await ask(method, path, body)).json();
    const beyond = told.only_with_blastiq_run ? ` Only blastiq run can do the rest: ${told.only_with_blastiq_run}.` : "";
    say(told.error || told.done + beyond, Boolean(told.error));
  } catch {
    say("The fake could not be reached.", true);
  }
}

function addFault() {
  const fault = { endpoint: $("endpoint").value, status: Number($("status").value) };
  const calls = $("calls").value.split(/[\s,]+/).filter(Boolean).map(Number);
  act("POST", "fault", JSON.stringify(calls.length ? { ...fault, calls } : fault));
}

async function save() {
  try {
    const answer = await ask("GET", "report");
    if (!answer.ok) throw new Error(answer.status);
    const link = make("a", "");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = "blastiq-report.html";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    say("The report on everything seen so far is saved as blastiq-report.html.");
  } catch {
    say("The report could not be had from the fake.", true);
  }
}

async function copy(article, text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // By another name than a loopback one, pages have no clipboard without TLS.
    getSelection().selectAllChildren(article);
    document.execCommand("copy");
  }
  say("The finding is copied.");
}

function greet(event) {
  for (const id of ["rows", "findings", "addresses", "scenario", "endpoint"]) $(id).replaceChildren();
  last = { scenario: "", at: "" };
  for (const [name, value] of [["Authority", event.authority], ["API", event.api], ["Client id", event.client]])
    $("addresses").append(make("dt", "", name), make("dd", "", make("code", "", value)));
  for (const { name, done } of event.scenarios) {
    const option = make("option", "", name);
    option.title = done;
    $("scenario").append(option);
  }
  $("endpoint").append(...event.endpoints.map((name) => make("option", "", name)));
  $("endpoint").value = "token";
}

function row(one) {
  const made = [], waited = (Date.parse(one.at) - Date.parse(last.at)) / 1000;
  if (one.scenario !== last.scenario) made.push(make("li", "break", make("span", "", `scenario ${one.scenario}`)));
  if (waited >= 1) made.push(make("li", "break", make("span", "", `${waited.toFixed(1)} s later`)));
  last = one;
  const found = Object.entries(one.found), worst = RANKS.find((rank) => found.some(([, severity]) => severity === rank));
  const request = make("div", "", `${one.number}  `, make("strong", "", one.request));
  for (const [rule, severity] of found) {
    const tag = make("a", `tag ${severity}`, `${WORDS[severity]} ${rule}`);
    tag.href = `#${rule}`;
    request.append(" ", tag);
  }
  const answer = make("div", "", make("strong", "", one.answer), ` ${one.what}`);
  made.push(make("li", `${one.api ? "api" : ""} ${worst || ""}`, request, make("span", "arrow"), answer, make("span", "arrow back")));
  return made;
}

function finding(one) {
  const parts = [["received", one.received], ["expected", one.expected], ["fix", one.fix]];
  const seen = one.count > 1 ? `${one.count} times, in requests ${one.first} to ${one.last}` : `in request ${one.first}`;
  const head = `${WORDS[one.severity]} ${one.rule} ${one.name}`;
  const text = [head, one.message, ...parts.map((part) => part.join(": ")), `seen: ${seen}`].join("\n");
  const article = make("article", `finding ${one.severity}`);
  const button = make("button", "", "Copy");
  button.type = "button";
  button.setAttribute("aria-label", `Copy ${one.rule}`);
  button.addEventListener("click", () => copy(article, text));
  const tag = make("span", `tag ${one.severity}`, WORDS[one.severity]);
  const list = make("dl", "", ...parts.flatMap(([name, value]) => [make("dt", "", name), make("dd", "", value)]));
  list.append(make("dt", "", "seen"), make("dd", "", seen));
  article.append(make("h3", "", tag, " ", make("code", "", one.rule), ` ${one.name}`), make("p", "message", one.message), list, button);
  article.dataset.number = one.id;
  article.dataset.rank = RANKS.indexOf(one.severity);
  const box = $("findings"), old = [...box.children].find((each) => each.dataset.number === String(one.id));
  if (old) {
    article.id = old.id;
    old.replaceWith(article);
  } else {
    if (!$(one.rule)) article.id = one.rule;
    box.insertBefore(article, [...box.children].find((each) => each.dataset.rank > article.dataset.rank) || null);
  }
}

function take(event) {
  if (event.scenarios) greet(event);
  const diagram = $("diagram"), rows = $("rows");
  const follows = diagram.scrollHeight - diagram.scrollTop - diagram.clientHeight < 60;
  if (event.skipped) rows.append(make("li", "break", make("span", "", `${event.skipped} requests are not drawn here`)));
  rows.append(...event.requests.flatMap(row));
  while (rows.childElementCount > KEPT) rows.firstChild.remove();
  event.findings.forEach(finding);
  if (follows) diagram.scrollTop = diagram.scrollHeight;
  $("total").textContent = event.total;
  $("count").textContent = $("findings").childElementCount;
  $("waiting").hidden = event.total > 0;
  $("none").hidden = $("findings").childElementCount > 0;
  state("live", event.playing ? `Live, playing ${event.playing}` : "Live");
}

function state(kind, text) {
  if ($("state").textContent !== text) $("state").textContent = text;
  $("state").className = kind;
}

async function follow() {
  const answer = await ask("GET", "events");
  if (!answer.ok) {
    failed = true;
    return state("gone", "This link is of another run: open the one that the fake has printed now");
  }
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) take(JSON.parse(event.slice(event.indexOf("data:") + 5)));
  }
}

async function watch() {
  while (!failed) {
    await follow().catch(() => {});
    if (!failed) state("gone", "The fake has ended, or cannot be reached");
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

if (token) {
  $("closed").hidden = true;
  $("open").hidden = false;
  $("play").addEventListener("click", () => act("POST", `scenario/${$("scenario").value}`));
  $("fault").addEventListener("click", addFault);
  $("clear").addEventListener("click", () => act("DELETE", "fault"));
  $("expire").addEventListener("click", () => act("POST", "expire"));
  $("save").addEventListener("click", save);
  watch();
}
