// Opens the playground in Chromium, whose network is cut to this machine, and
// asks what a visitor would. Any other host asked for, any error in the console
// and any answer with errors fails the test.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [address, screenshot] = process.argv.slice(2);
const questions = readdirSync(new URL('../playground/src/questions/', import.meta.url));

// A composed report; nobody published it.
const composed = '松坞镇2019年法治政府建设情况报告\n2019年，我镇调解纠纷21件。\n';

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

  const editor = await page.locator('.graphiql-query-editor').boundingBox();
  for (const tab of await tabs.all()) {
    const { x, y, width, height } = await tab.boundingBox();
    assert.ok(x >= 0 && x + width <= 1440 && y + height <= editor.y, 'a tab is out of sight');
  }
  passed('all tabs in sight');

  await page.getByLabel('Show Documentation Explorer').click();
  await page.getByText('Query', { exact: true }).first().click();
  await page.getByText('Everything that can be asked.').first().waitFor();
  passed('documentation');
  await page.getByLabel('Show GraphiQL Explorer').click();
  await page.locator('.graphiql-explorer-root').first().waitFor();
  passed('explorer');

  // As a hand does it: some time between pressing and letting go.
  for (const i of [3, 11, 0]) {
    const { x, y, width, height } = await tabs.nth(i).locator('.graphiql-tab-button').first().boundingBox();
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.waitForTimeout(300);
    await page.mouse.up();
    await page.waitForFunction(
      (n) => document.querySelectorAll('.graphiql-tab')[n].classList.contains('graphiql-tab-active'),
      i,
      { timeout: 5000 },
    );
  }
  passed('tabs, pressed slowly beside an open pane');

  // A subscription is answered over WebSocket, which begins with the headers.
  const opened = page.waitForEvent('websocket');
  await page.locator('.graphiql-tab-add').click();
  await page.locator('.graphiql-query-editor .view-lines').first().click();
  await page.keyboard.insertText('subscription { ingestProgress { read total } }');
  await page.waitForTimeout(500); // the editor tells of a change a moment later
  await page.locator('.graphiql-execute-button').click();
  const socket = await opened;
  const sent = [];
  socket.on('framesent', ({ payload }) => sent.push(payload));
  for (let n = 0; n < 100 && !sent.some((payload) => payload.includes('"subscribe"')); n++) await page.waitForTimeout(100);
  const change = (query, variables) =>
    page.evaluate(
      async (body) =>
        (await fetch('graphql', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })).json(),
      JSON.stringify({ query, variables }),
    );
  const { data } = await change('mutation ($text: String!) { ingestReport(input: { text: $text }) { reports { id } } }', {
    text: composed,
  });
  for (const { id } of data.ingestReport.reports) await change('mutation ($id: ID!) { removeReport(id: $id) }', { id });
  const progress = page.locator('.result-window .view-lines, .graphiql-response .view-lines').first();
  await page.waitForFunction((lines) => lines?.innerText.includes('ingestProgress'), await progress.elementHandle());
  passed('a subscription');
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
