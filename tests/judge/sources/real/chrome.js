// Chromium's own exports: DevTools is opened on the page as one more page, and asked for what its menus save and copy.
// node chrome.js CHROMIUM PROXY OUT NAME ADDRESS…: writes OUT/chrome-NAME.har, -NAME-sanitized.har and -NAME.sh.
'use strict'
const { writeFileSync } = require('node:fs')
const puppeteer = require('puppeteer-core')

// These run inside DevTools, where its own modules can be imported.
const attached = async () => {
  const { TargetManager, NetworkManager } = await import('./core/sdk/sdk.js')
  return TargetManager.TargetManager.instance().primaryPageTarget()?.model(NetworkManager.NetworkManager) != null
}
const exported = async (sanitize) => {
  const [{ Writer }, { NetworkLog }] = await Promise.all([import('./models/har/har.js'), import('./models/logs/logs.js')])
  let text = ''
  const progress = { createSubProgress: () => progress, isCanceled: () => false }
  const requests = NetworkLog.NetworkLog.instance().requests()
  await Writer.Writer.write({ write: async (part) => { text += part } }, requests, { sanitize }, progress)
  return text
}

const copied = async () => {
  const [network, { NetworkLog }] = await Promise.all([import('./panels/network/network.js'), import('./models/logs/logs.js')])
  const posted = NetworkLog.NetworkLog.instance().requests().find((each) => each.requestMethod === 'POST')
  return `${await network.NetworkLogView.NetworkLogView.generateCurlCommand(posted, 'unix')}\n`
}

async function record(browser, out, name, address) {
  const page = await browser.newPage()
  await page.setCacheEnabled(false)
  const { targetInfo } = await (await page.createCDPSession()).send('Target.getTargetInfo')
  const { host } = new URL(browser.wsEndpoint())
  const tools = await browser.newPage()
  await tools.goto(`devtools://devtools/bundled/devtools_app.html?ws=${host}/devtools/page/${targetInfo.targetId}`)
  await tools.waitForFunction(attached, { polling: 200 })
  await new Promise((resolve) => setTimeout(resolve, 1000))
  await page.goto(address)
  await page.waitForFunction(() => document.title.startsWith('done'), { polling: 200 })
  writeFileSync(`${out}/chrome-${name}.har`, await tools.evaluate(exported, false))
  writeFileSync(`${out}/chrome-${name}-sanitized.har`, await tools.evaluate(exported, true))
  writeFileSync(`${out}/chrome-${name}.sh`, await tools.evaluate(copied))
  await page.close()
  await tools.close()
}

async function main(executablePath, proxy, out, ...pages) {
  const args = ['--no-sandbox', '--remote-allow-origins=*', `--proxy-server=${proxy}`, '--ignore-certificate-errors']
  const browser = await puppeteer.launch({ executablePath, args })
  for (let index = 0; index < pages.length; index += 2) await record(browser, out, pages[index], pages[index + 1])
  await browser.close()
}
main(...process.argv.slice(2))
