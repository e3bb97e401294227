// Finding a room: few steps, counts that are true, ways on from an empty answer,
// what is near, and the map.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, describe, test } from 'node:test';
import { assertClean, assertSound, axeFindings, closePages, pairs } from './browser.mjs';
import { act, visitor } from './steps.mjs';
import { browser, town } from './stage.mjs';

const pixel = Buffer.from('R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');

let asked = 0;
const tiles = createServer((_, answer) => {
  asked++;
  answer.setHeader('Content-Type', 'image/gif');
  answer.end(pixel);
});
await new Promise((listening) => tiles.listen(0, '127.0.0.1', listening));
process.env.MAP_TILE_URL = `http://127.0.0.1:${tiles.address().port}/{z}/{x}/{y}.gif`;
after(() => tiles.close());

const open = (lang, extra) => visitor(browser, town, lang, extra);

const status = (v) => v.page.locator('#results [role=status]').first();
const number = async (locator) => Number(/\d+/.exec(await locator.innerText())[0]);

describe('a new user', () => {
  after(closePages);
  for (const [lang, width, javaScript] of [['fi', 390, true], ['sv', 1280, true], ['en', 1280, false]]) {
    test(`finds a room for 15 with a piano tonight in three steps, ${lang}, ${width} pixels, script ${javaScript}`, async (t) => {
      const v = await open(lang, { width, javaScript });
      await v.page.goto(v.at.home);
      await act(v, v.page.getByLabel(v.t('search.what')).fill('piano'));
      await act(v, v.page.getByLabel(v.t('search.people')).fill('15'));
      await act(v, v.page.getByRole('button', { name: v.t('home.tonight'), exact: true }).click());
      await v.page.waitForURL((url) => url.pathname === v.at.rooms);
      const found = await number(status(v));
      t.diagnostic(`${found} rooms, ${v.steps} steps`);
      assert.ok(v.steps <= 3 && found > 0);
      const start = v.page.getByRole('article').first().getByRole('listitem').getByRole('link').first();
      await start.click();
      await v.page.locator('[data-book]').waitFor();
      assertSound(v.page);
    });
  }
});

describe('filters', () => {
  after(closePages);

  test('say how many rooms there are with them, and that is so', async () => {
    const v = await open('fi');
    await v.page.goto(v.at.rooms);
    await v.page.getByText(v.t('search.fold_room')).click();
    const piano = v.page.locator('label', { has: v.page.locator('#equipment-piano') });
    const promised = await number(piano);
    await v.page.locator('#equipment-piano').check();
    await v.page.locator('#search-go').click();
    await v.page.waitForURL(/equipment=piano/);
    await v.page.waitForFunction((n) => document.querySelector('#results [role=status]').innerText.startsWith(`${n} `), promised);
    assert.equal(await v.page.getByRole('article').count(), promised);
    assertSound(v.page);
  });

  test('of an empty search lead on', async () => {
    const v = await open('en', { width: 390, scheme: 'dark' });
    await v.page.goto(`${v.at.rooms}?equipment=piano&persons=5000&tonight=1`);
    const way = v.page.locator('.empty a').first();
    const promised = await number(way);
    await way.click();
    await v.page.waitForURL((url) => !url.search.includes('persons'));
    assert.equal(await number(status(v)), promised);
    assertSound(v.page);
  });

  for (const [lang, scheme, width] of pairs) {
    test(`are sound when unfolded, ${lang}, ${scheme}, ${width} pixels`, async () => {
      const v = await open(lang, { scheme, width });
      for (const query of ['persons=4&equipment=screen', 'date=2026-11-24&until=2026-12-10&near=60.17,24.94&within=5000&sort=nearest', 'near=zzzz']) {
        await v.page.goto(`${v.at.rooms}?${query}`);
        await v.page.evaluate(() => document.querySelectorAll('#search details').forEach((d) => { d.open = true; }));
        await assertClean(v, query);
      }
      assertSound(v.page);
    });
  }
});

describe('what is near', () => {
  after(closePages);

  test('the device says, to a hundred metres', async () => {
    const v = await open('fi');
    await v.page.context().grantPermissions(['geolocation'], { origin: town.base });
    await v.page.context().setGeolocation({ latitude: 60.173891, longitude: 24.938276 });
    await v.page.goto(v.at.rooms);
    await v.page.getByRole('button', { name: v.t('search.near_me') }).click();
    await v.page.waitForURL(/near=60\.174(%2C|,)24\.938/);
    await v.page.getByRole('article').first().getByText(/\d\sk?m$/).first().waitFor();
    assertSound(v.page);
  });

  test('a postcode says without script', async () => {
    const v = await open('fi', { javaScript: false });
    await v.page.goto(`${v.at.rooms}?near=00100`);
    assert.match(await v.page.getByRole('article').first().innerText(), /\d\u00a0k?m/);
    assert.equal(await v.page.getByRole('button', { name: v.t('search.near_me') }).count(), 0);
  });
});

describe('the map', () => {
  after(closePages);

  test('has pins that are links, for mouse and keyboard, and the list below', async () => {
    const v = await open('fi');
    await v.page.goto(v.at.rooms);
    assert.equal(asked, 0, 'the list loads no map');
    await v.page.getByRole('link', { name: v.t('search.map'), exact: true }).click();
    const pins = v.page.locator('.map a.pin');
    await pins.first().waitFor();
    await v.page.waitForLoadState('networkidle');
    assert.ok(asked > 0, 'tiles are loaded');
    assert.ok((await v.page.getByRole('article').count()) > 1, 'the rooms are listed too');
    assert.deepEqual(await axeFindings(v.page), []);
    const groups = v.page.locator('.map button.pin.group');
    while (await groups.count()) {
      const before = await groups.count() + await pins.count();
      await groups.first().focus();
      await v.page.keyboard.press('Enter');
      await v.page.waitForFunction((n) => document.querySelectorAll('.map .pin').length !== n || !document.querySelector('.map .pin.group'), before);
    }
    await pins.first().focus();
    const to = await pins.first().getAttribute('href');
    await v.page.keyboard.press('Enter');
    await v.page.waitForURL(`**${to}`);
    assertSound(v.page);
  });

  test('is a list without script', async () => {
    const v = await open('sv', { width: 320, javaScript: false });
    await v.page.goto(`${v.at.rooms}?view=map`);
    assert.ok((await v.page.getByRole('article').count()) > 1);
    assert.equal(await v.page.locator('.map a.pin:visible').count(), 0);
  });
});
