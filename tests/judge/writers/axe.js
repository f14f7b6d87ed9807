// Opens each page in Chromium, wide and narrow, light and dark, and prints what axe-core finds as a JSON list.
const fs = require("fs");
const puppeteer = require("puppeteer-core");

const [browserPath, profile, ...pages] = process.argv.slice(2);
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
flags.push("--disable-component-update", "--disable-sync");

(async () => {
  const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  const browser = await puppeteer.launch({ executablePath: browserPath, headless: true, userDataDir: profile, args: flags });
  const found = [];
  for (const file of pages) for (const width of [360, 1440]) for (const scheme of ["light", "dark"]) {
    const page = await browser.newPage();
    await page.setBypassCSP(true); // for axe alone; the page itself allows no script
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto("file://" + file);
    const place = `${file} ${width} ${scheme}`;
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (excess > 0) found.push(`${place}: ${excess} pixels too wide`);
    if (asked.length > 1) found.push(`${place}: asked for ${asked.slice(1)}`);
    const unfolded = await page.evaluate(async () => {
      const link = [...document.querySelectorAll(".matrix td.passed a")].find((each) => /passed/.test(each.hash));
      if (!link) return true;
      link.click();
      await new Promise((done) => setTimeout(done, 50));
      return document.querySelector(link.hash).closest("details").open;
    });
    if (!unfolded) found.push(`${place}: a cell leads to a row that stays folded`);
    await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run());
    for (const one of violations) found.push(`${place}: ${one.id}: ${one.help}: ${one.nodes[0].html.slice(0, 200)}`);
    await page.close();
  }
  await browser.close();
  console.log(JSON.stringify(found));
})();
