// What the first view of a page weighs: everything that travels for it, as
// compressed as it travels.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './browser.mjs';
import { browser, town } from './stage.mjs';

const limit = 100 * 1024;

for (const [name, path] of [['home', '/fi'], ['search', '/fi/tilat?tonight=1'], ['timeline', '/fi/tilat?tonight=1&view=timeline'], ['room', '/fi/tilat/oodi-ryhmahuone']]) {
  for (const width of [1280, 390]) {
    test(`${name}, ${width} pixels: at most 100 KB`, async (t) => {
      const page = await openPage(browser, town, { width });
      const loads = await weigh(page, path);
      const sum = loads.reduce((total, load) => total + load.bytes, 0);
      t.diagnostic(`${Math.round(sum / 1024)} KB in ${loads.length} loads`);
      const heaviest = loads.sort((a, b) => b.bytes - a.bytes).slice(0, 6).map((l) => `${l.bytes} ${l.url}`);
      assert.ok(loads.length > 3, 'the page, its style, script and font were counted');
      assert.ok(sum <= limit, `${sum} bytes: ${heaviest.join(', ')}`);
      await page.context().close();
    });
  }
}

// weigh opens a page with an empty cache and lists what came over the network,
// with its size there.
async function weigh(page, path) {
  const loads = new Map();
  const tools = await page.context().newCDPSession(page);
  await tools.send('Network.enable');
  tools.on('Network.responseReceived', ({ requestId, response }) => loads.set(requestId, { url: response.url, bytes: 0 }));
  tools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (loads.has(requestId)) loads.get(requestId).bytes = encodedDataLength;
  });
  await page.goto(path, { waitUntil: 'networkidle' });
  return [...loads.values()].filter((l) => l.url.startsWith('http'));
}
