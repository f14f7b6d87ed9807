// The HAR that Playwright keeps of a browser context, as suites of tests do.
// node playwright.js CHROMIUM PROXY OUT NAME ADDRESS…: writes OUT/playwright-NAME.har.
'use strict'
const { chromium } = require('playwright-core')

async function main(executablePath, proxy, out, ...pages) {
  const browser = await chromium.launch({ executablePath, proxy: { server: proxy, bypass: '127.0.0.1' } })
  for (let index = 0; index < pages.length; index += 2) {
    const recordHar = { path: `${out}/playwright-${pages[index]}.har` }
    const context = await browser.newContext({ ignoreHTTPSErrors: true, recordHar })
    const page = await context.newPage()
    await page.goto(pages[index + 1])
    await page.waitForFunction(() => document.title.startsWith('done'))
    await context.close()
  }
  await browser.close()
}
main(...process.argv.slice(2))
