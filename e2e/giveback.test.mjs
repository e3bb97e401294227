// Giving a turn back by the link of its mail, without a session, and checking
// in with a phone at the door. The town begins when an evening's turn has.
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { assertSound, closePages, openPage, signIn } from './browser.mjs';
import { browser, town } from './stage.mjs';
import { acceptTerms, chooseStart, confirm, fillForm, keepTime, visitor } from './steps.mjs';

process.env.TOWN_NOW = '2026-11-23T16:31:00+02:00';
afterEach(closePages);

// linkFrom waits for the newest mail to an address that has such a link.
async function linkFrom(page, email) {
  for (let tries = 0; tries < 40; tries++) {
    await page.goto('/demo/mailbox');
    const mail = page.locator('.mail').filter({ hasText: email }).first();
    if (await mail.count()) {
      await mail.getByRole('link').click();
      const link = await page.evaluate(() => document.body.innerText.match(/\/give-back\/[A-Za-z0-9_-]{86}/)?.[0]);
      if (link) return link;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return assert.fail('no mail with a link came');
}

describe('giving back', () => {
  for (const width of [390, 1280]) {
    test(`by the link of a mail, at ${width} px`, async () => {
      const v = await visitor(browser, town, 'fi');
      await signIn(v.page, 'fi', /Ville/);
      await chooseStart(v, 'kallion-lukupiirihuone', '2026-12-02', width === 390 ? 0 : 4);
      await keepTime(v);
      await fillForm(v, { title: 'Lukupiiri' });
      await acceptTerms(v);
      const number = await confirm(v);
      const link = await linkFrom(v.page, 'ville@demo.example');

      const page = await openPage(browser, town, { lang: 'fi', width, javaScript: width === 390 });
      await page.goto(link);
      await page.getByRole('heading', { level: 1, name: v.t('give_back.title') }).waitFor();
      assert.ok(await page.getByText(number).first().isVisible(), 'it says which');
      await assertSound(page);
      await page.getByRole('button', { name: v.t('give_back.do') }).click();
      await page.getByText(v.t('give_back.done'), { exact: true }).waitFor();
      assert.equal((await page.context().cookies()).filter((c) => /vuoro$/.test(c.name)).length, 0, 'nobody was signed in');
      await assertSound(page);

      await v.page.goto(`${v.at.reservations}/${number}`);
      await v.page.getByRole('heading', { level: 1, name: v.t('reservation.title.cancelled') }).waitFor();
    });
  }
});

describe('checking in', () => {
  test('with a phone at the door: sign in, come back, press', async () => {
    const v = await visitor(browser, town, 'fi', { width: 390 });
    await v.page.goto('/qr/oodi-ryhmahuone');
    await v.page.getByText(v.t('door.taken'), { exact: true }).waitFor();
    await assertSound(v.page);
    await v.page.getByRole('main').getByRole('link', { name: v.t('sign_in.title') }).click();
    await v.page.getByRole('button', { name: /Ville/ }).first().click();
    await v.page.waitForURL('**/qr/oodi-ryhmahuone');
    await v.page.getByRole('button', { name: v.t('check_in.do') }).click();
    await v.page.getByText(v.t('check_in.done'), { exact: true }).waitFor();
    await v.page.getByText(v.t.like('check_in.at')).first().waitFor();
    await assertSound(v.page);
  });
});
