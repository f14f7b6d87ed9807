// Opens the live page as a person does, uses every button once, and prints what it saw as JSON; lines in between tell
// the test how far it is.
const fs = require("fs");
const path = require("path");
const puppeteer = require("puppeteer-core");

const [browserPath, folder, address, foreign] = process.argv.slice(2);
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
flags.push("--disable-component-update", "--disable-sync");
const patient = { timeout: 240_000 };

(async () => {
  const browser = await puppeteer.launch({ executablePath: browserPath, headless: true, userDataDir: path.join(folder, "profile"), args: flags, protocolTimeout: 240_000 });
  const page = await browser.newPage();
  page.setDefaultTimeout(patient.timeout);
  const origin = new URL(address).origin, seen = { asked: [], complaints: [], said: [], axe: [] };
  await browser.defaultBrowserContext().overridePermissions(origin, ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"]);
  const client = await page.createCDPSession();
  await client.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder });
  page.on("request", (request) => seen.asked.push(request.url()));
  // What was refused is logged by the browser itself; what breaks the page's policy as well, and must not be.
  const counts = (message) => ["error", "warn"].includes(message.type()) && !message.text().startsWith("Failed to load");
  page.on("console", (message) => counts(message) && seen.complaints.push(message.text()));
  page.on("pageerror", (error) => seen.complaints.push(String(error)));
  await page.goto(address, patient);
  await page.waitForSelector("#state.live");
  console.log("open");
  await page.waitForSelector("#BIQ211");
  seen.address = page.url();
  seen.rows = await page.$$eval("#rows li:not(.break)", (rows) => rows.map((row) => row.innerText));
  seen.finding = await page.$eval("#BIQ211", (article) => article.innerText);
  await page.click("#BIQ211 button");
  await page.waitForFunction(() => document.querySelector("#said").textContent === "The finding is copied.");
  seen.copied = await page.evaluate(() => navigator.clipboard.readText());
  const press = async (button) => {
    const before = await page.$eval("#said", (said) => said.textContent);
    await page.click(button);
    await page.waitForFunction((old) => document.querySelector("#said").textContent !== old, {}, before);
    seen.said.push(await page.$eval("#said", (said) => said.textContent));
  };
  await page.select("#scenario", "discovery-broken/html");
  for (const button of ["#play", "#expire", "#fault", "#clear", "#save"]) await press(button);
  await page.type("#calls", "none");
  await press("#fault");
  await page.waitForFunction(() => document.querySelector("#state").textContent.includes("discovery-broken"));
  while (!fs.existsSync(path.join(folder, "blastiq-report.html"))) await new Promise((done) => setTimeout(done, 50));
  console.log("done");
  await page.reload(patient);
  await page.waitForSelector("#BIQ211");
  await page.setBypassCSP(true); // for axe alone
  await page.reload(patient);
  await page.waitForSelector("#BIQ211");
  const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  const check = async (page, what) => {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run());
    for (const one of violations) seen.axe.push(`${what}: ${one.id}: ${one.help}: ${one.nodes[0].html.slice(0, 200)}`);
  };
  for (const width of [390, 1440]) for (const scheme of ["light", "dark"]) {
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (excess > 0) seen.axe.push(`${width} ${scheme}: ${excess} pixels too wide`);
    await check(page, `${width} ${scheme}`);
  }
  seen.html = await page.content();
  page.removeAllListeners("request");
  const stranger = await (await browser.createBrowserContext()).newPage();
  await stranger.setBypassCSP(true);
  await stranger.goto(origin, patient);
  await check(stranger, "without a token");
  seen.closed = await stranger.$eval("main", (main) => main.innerText);
  await stranger.goto(`${origin}/#${"x".repeat(32)}`, patient);
  await stranger.waitForSelector("#state.gone", patient);
  seen.stale = await stranger.$eval("#state", (state) => state.textContent);
  seen.foreign = (await stranger.goto(foreign, patient).catch((error) => error)).status?.();
  console.log("end");
  await page.waitForSelector("#state.gone", patient);
  seen.gone = await page.$eval("#state", (state) => state.textContent);
  await browser.close();
  console.log(JSON.stringify(seen));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
