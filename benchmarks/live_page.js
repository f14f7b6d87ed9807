// Opens the live page, says so, and at the end of its input prints how long the page stood still at most (in ms), how
// many requests it has counted, and how many it shows.
const puppeteer = require("puppeteer-core");

const [browserPath, profile, address] = process.argv.slice(2);
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
flags.push("--disable-component-update", "--disable-sync");

(async () => {
  const browser = await puppeteer.launch({ executablePath: browserPath, headless: true, userDataDir: profile, args: flags });
  const page = await browser.newPage();
  await page.goto(address);
  await page.waitForSelector("#state.live");
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
  const total = () => page.$eval("#total", (shown) => shown.textContent);
  for (let before = ""; before !== (before = await total()); ) await new Promise((done) => setTimeout(done, 3000));
  const read = () => [window.still, Number(document.querySelector("#total").textContent), document.querySelectorAll("#rows li").length];
  console.log(JSON.stringify(await page.evaluate(read)));
  await browser.close();
})();
