// Series as their handlers see them: a requested one is one row that is decided
// at once, a date of it is denied, and staff make one for an association.
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { assertClean, assertSound, closePages, pairs, signIn } from './browser.mjs';
import { browser, town } from './stage.mjs';
import { acceptTerms, visitor } from './steps.mjs';

afterEach(closePages);

async function assertSoundAndClean(v, name) {
  await assertClean(v, name);
  assertSound(v.page);
}

// request asks for n Tuesdays free of charge, which the school decides about.
async function request(title, n) {
  const v = await visitor(browser, town, 'fi');
  await signIn(v.page, 'fi', /Ebba Exempel/);
  await v.page.goto(`${v.at.rooms}/esimerkkikoulun-liikuntasali-b?date=2026-12-01&start=20:00&minutes=60`);
  await v.page.locator('[data-book]').click();
  await v.page.getByRole('radio', { name: /^Esimerkkikuoro/ }).check();
  await v.page.getByLabel(v.t('field.title')).fill(title);
  await v.page.getByText(v.t('checkout.free'), { exact: true }).click();
  await v.page.getByLabel(v.t('checkout.free_ask')).check();
  await v.page.getByLabel(v.t('checkout.free_why')).fill('Tanssijat ovat lapsia.');
  await v.page.getByText(v.t('series.fold'), { exact: true }).click();
  await v.page.getByLabel(v.t('series.or_times')).fill(String(n));
  await v.page.getByRole('button', { name: v.t('series.look'), exact: true }).click();
  await acceptTerms(v);
  await v.page.locator('.action-bar .btn.primary').click();
  await v.page.waitForURL('**/fi/sarjat/**');
  return v.page.url().split('/').pop();
}

const turns = (v, key) => v.page.locator('.turns > li').filter({ hasText: v.t(key) });

describe('the handler of series', () => {
  test('approves a requested series as one row and denies one date', async () => {
    const number = await request('Tanssiharjoitus', 4);
    const v = await visitor(browser, town, 'fi');
    await signIn(v.page, 'fi', /Kaarlo Koulu/);
    await v.page.goto('/work/requests');
    const row = v.page.locator('li.request').filter({ hasText: 'Tanssiharjoitus' });
    assert.equal(await row.count(), 1, 'a series is one row');
    assert.match(await row.innerText(), /4 kertaa: Joka tiistai 20\.00–21\.00/);
    await row.getByRole('link').click();
    assert.equal(await turns(v, 'work.series_tag.requested').count(), 4);
    await assertSoundAndClean(v, 'inbox');
    assert.match(await v.page.locator('button[name=free][value=no]').innerText(), /39,16/, 'what all four dates cost');
    await v.page.getByRole('button', { name: v.t('work.approve_free'), exact: true }).click();
    await v.page.locator('li.request').filter({ hasText: 'Tanssiharjoitus' }).waitFor({ state: 'detached' });

    await v.page.goto(`/work/series/${number}`);
    assert.equal(await turns(v, 'state.confirmed').count(), 4);
    await v.page.getByRole('heading', { name: v.t('work.series_end') }).click();
    await v.page.locator('#end-scope').selectOption('this');
    await v.page.locator('#end-from').selectOption('2026-12-15');
    const deny = v.page.locator('#end').getByRole('button', { name: v.t('action.deny'), exact: true });
    await deny.click();
    await v.page.getByRole('alert').waitFor(); // no reason was given
    await assertSoundAndClean(v, 'a denial without a reason');
    assert.equal(await v.page.locator('#end-from').inputValue(), '2026-12-15');
    await v.page.locator('#end-reason').fill('Lattia lakataan.');
    await deny.click();
    await v.page.getByRole('status').filter({ hasText: number }).waitFor();
    assert.match(await turns(v, 'state.denied').innerText(), /ti 15\.12\.2026/);
    assert.equal(await turns(v, 'state.confirmed').count(), 3);
    await turns(v, 'state.denied').getByRole('link').click();
    await v.page.getByRole('link', { name: new RegExp(number) }).click();
    await v.page.waitForURL(`**/work/series/${number}`);
    assertSound(v.page);
  });

  test('makes one for an association, leaving out the dates that are taken', async () => {
    const v = await visitor(browser, town, 'fi');
    await signIn(v.page, 'fi', /Kaarlo Koulu/);
    await v.page.goto('/work/series');
    await v.page.getByRole('link', { name: v.t('work.series_new'), exact: true }).click();
    await v.page.getByRole('link', { name: v.t('work.do.behalf'), exact: true }).click();
    await v.page.getByLabel(v.t('work.who')).fill('juniorit');
    await v.page.getByRole('button', { name: v.t('work.find'), exact: true }).click();
    await v.page.getByLabel(v.t('report.column.resource'), { exact: true }).selectOption({ label: 'Musiikkiluokka' });
    await v.page.getByLabel(v.t('work.date'), { exact: true }).fill('4.12.2026');
    await v.page.getByLabel(v.t('work.start'), { exact: true }).selectOption('18:00');
    await v.page.getByLabel(v.t('work.end'), { exact: true }).selectOption('19:00');
    await v.page.getByLabel(v.t('work.new_name')).fill('Juniorien bändi');
    const fold = v.page.locator('#repeat');
    if (!(await fold.getAttribute('open').then((open) => open !== null))) await fold.locator('summary').click();
    await v.page.getByLabel(v.t('work.repeat_every')).selectOption('weekly');
    await v.page.getByLabel(v.t('work.repeat_until')).fill('18.12.2026');
    await fold.getByRole('checkbox', { name: 'la', exact: true }).check({ force: true });
    await fold.getByRole('checkbox', { name: 'pe', exact: true }).check({ force: true });
    await v.page.getByRole('button', { name: v.t('work.check_rules'), exact: true }).click();
    const answer = fold.getByRole('status');
    assert.match(await answer.innerText(), /2 kertaa voidaan varata[\s\S]*pe 4\.12\.[\s\S]*pe 11\.12\.[\s\S]*pe 18\.12\./);
    await assertSoundAndClean(v, 'dates that are taken');
    const save = v.page.getByRole('button', { name: v.t('action.save'), exact: true });
    await save.click();
    await v.page.getByRole('alert').getByRole('link').click(); // leads to the box that leaves them out
    assert.equal(await v.page.evaluate(() => document.activeElement.id), 'lenient');
    await v.page.keyboard.press('Space');
    await save.click();
    await v.page.waitForURL('**/work/series/S-*');
    assert.equal(await turns(v, 'state.confirmed').count(), 2);
    assert.equal(await v.page.locator('.wanted > li').count(), 3);
    assertSound(v.page);
  });

  for (const [lang, scheme, width] of pairs) {
    test(`the pages in ${lang}, ${scheme}, ${width} pixels`, async () => {
      const v = await visitor(browser, town, lang, { scheme, width });
      await signIn(v.page, lang, /Kaarlo Koulu/);
      await v.page.goto('/work/series');
      await assertSoundAndClean(v, 'list');
      await v.page.locator('.series-list a').filter({ hasText: 'Esimerkkikuoro' }).first().click();
      await v.page.waitForURL('**/work/series/S-*');
      for (const fold of await v.page.locator('main details > summary').all()) await fold.click();
      await assertSoundAndClean(v, 'series');
      await v.page.goto('/work/new?unit=esimerkkikoulu&repeat=1');
      await assertSoundAndClean(v, 'form');
    });
  }
});
