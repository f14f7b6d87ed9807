// Opens the live page, asks for discovery so many times, each time until it is shown, and says so; at the end of its
// input prints how long the page stood still at most (in ms), how many requests it has counted, and how long each of its
// own took from the answer until it stood on the page (in ms).
const puppeteer = require("puppeteer-core");

const [browserPath, profile, address, path, asked] = process.argv.slice(2);
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
flags.push("--disable-component-update", "--disable-sync");

(async () => {
  const browser = await puppeteer.launch({ executablePath: browserPath, headless: true, userDataDir: profile, args: flags });
  const page = await browser.newPage();
  await page.goto(address);
  await page.waitForSelector("#state.live");
  const total = () => page.$eval("#total", (shown) => shown.textContent);
  const settled = async () => {
    for (let before = ""; before !== (before = await total()); ) await new Promise((done) => setTimeout(done, 3000));
  };
  await settled();
  const shown = await page.evaluate(async (path, asked) => {
    const spent = [], total = document.querySelector("#total");
    for (let each = 0; each < asked; each++) {
      const before = total.textContent;
      const changed = new Promise((done) => {
        const told = () => total.textContent !== before && done(performance.now());
        new MutationObserver(told).observe(total, { childList: true, characterData: true, subtree: true });
      });
      await (await fetch(path)).text();
      const answered = performance.now();
      spent.push(Math.max(0, (await changed) - answered));
    }
    return spent;
  }, path, Number(asked));
  await page.evaluate(() => {
    let last = performance.now();
    window.still = 0;
    setInterval(() => {
      const now = performance.now();
      window.still = Math.max(window.still, now - last - 50);
      last = now;
    }, 50);
  });
  console.log("open");
  await new Promise((done) => process.stdin.on("end", done).resume());
  await settled();
  const read = () => [window.still, Number(document.querySelector("#total").textContent)];
  console.log(JSON.stringify([...(await page.evaluate(read)), shown]));
  await browser.close();
})();
