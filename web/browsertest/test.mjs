// Opens the playground in Chromium, whose network is cut to this machine, and
// asks what a visitor would. Any other host asked for, any error in the console
// and any answer with errors fails the test.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [address, screenshot] = process.argv.slice(2);
const questions = readdirSync(new URL('../playground/src/questions/', import.meta.url));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  ],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const wrong = [];
page.on('request', (request) => {
  const { protocol, hostname } = new URL(request.url());
  if (protocol !== 'data:' && hostname !== '127.0.0.1') wrong.push(`asks for ${request.url()}`);
});
// The explorer plugin says so of every argument that is a list, and goes on.
const harmless = 'arg mismatch between arg and selection';
page.on('console', (message) => {
  if (message.type() === 'error' && !message.text().startsWith(harmless)) wrong.push(`console: ${message.text()}`);
});
page.on('pageerror', (error) => wrong.push(`page: ${error.message}`));

const passed = (what) => console.log(`ok ${what}`);

// run presses the button of the open tab and returns its answer.
const run = async () => {
  const answered = page.waitForResponse(
    (response) => response.url().endsWith('/graphql') && !response.request().postData()?.includes('IntrospectionQuery'),
  );
  await page.locator('.graphiql-execute-button').click();
  return (await answered).json();
};

try {
  await page.goto(address);
  const tabs = page.locator('.graphiql-tab');
  await tabs.first().waitFor();
  await page.locator('.graphiql-query-editor .view-lines').first().waitFor();
  assert.equal(await tabs.count(), questions.length);
  passed(`${questions.length} tabs`);

  const first = await run();
  assert.equal(first.errors, undefined);
  const quotes = JSON.stringify(first).match(/"quote":"[^"]+/g) ?? [];
  assert.ok(quotes.length > 0, 'the answer has no quotes');
  // The editor shows words with spaces that do not break.
  const shown = page.locator('.result-window .view-lines, .graphiql-response .view-lines').first();
  await page.waitForFunction((lines) => lines?.innerText.includes('枫桥经验'), await shown.elementHandle());
  await page.screenshot({ path: screenshot });
  passed(`the first question, with ${quotes.length} quotes`);

  for (let i = 1; i < questions.length; i++) {
    await tabs.nth(i).locator('.graphiql-tab-button').first().click();
    await page.waitForFunction(
      (n) => document.querySelectorAll('.graphiql-tab')[n].classList.contains('graphiql-tab-active'),
      i,
    );
    let { data, errors } = await run();
    // The editor reads an operation's name a moment after its tab opens; only a
    // program presses the button sooner.
    for (let n = 0; n < 20 && errors?.[0].message.startsWith('operation '); n++) ({ data, errors } = await run());
    assert.equal(errors, undefined, `${questions[i]}: ${JSON.stringify(errors)}`);
    assert.ok(data, questions[i]);
    passed(questions[i]);
  }

  await page.getByLabel('Show Documentation Explorer').click();
  await page.getByText('Query', { exact: true }).first().click();
  await page.getByText('Everything that can be asked.').first().waitFor();
  passed('documentation');
  await page.getByLabel('Show GraphiQL Explorer').click();
  await page.locator('.graphiql-explorer-root').first().waitFor();
  passed('explorer');
  assert.deepEqual(wrong, []);
  passed('nothing from elsewhere, no error in the console');
} catch (error) {
  await page.screenshot({ path: screenshot });
  for (const line of wrong) console.error(line);
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await browser.close();
}
