// The stage of a file of tests: a town and a browser, there before its first
// test and gone after its last. What a town is told by the environment is set
// while the file loads.
import { after, before } from 'node:test';
import { closePages, openBrowser } from './browser.mjs';
import { startTown } from './town.mjs';

export let town;
export let browser;

before(async () => {
  [town, browser] = await Promise.all([startTown(), openBrowser()]);
});
after(async () => {
  await closePages();
  await browser?.close();
  await town?.stop();
});
