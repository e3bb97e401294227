// A series: an association books thirty weeks of which three are taken, mends
// each in its own way on one page, and finds every date again.
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { assertClean, assertSound, closePages, looks, signIn } from './browser.mjs';
import { browser, town } from './stage.mjs';
import { acceptTerms, visitor } from './steps.mjs';

afterEach(closePages);
const gym = 'esimerkkikoulun-liikuntasali-a';
const pages = {
  fi: { check: '/fi/varaa/sarja', series: '/fi/sarjat/' },
  sv: { check: '/sv/boka/serie', series: '/sv/serier/' },
  en: { check: '/en/book/series', series: '/en/series/' },
};

// take books times of a room for others, as its manager, by the API.
async function take(room, times) {
  const v = await visitor(browser, town, 'fi');
  await signIn(v.page, 'fi', /Kaarlo Koulu/);
  const csrf = await v.page.locator('input[name=csrf]').first().getAttribute('value');
  const { id } = await (await v.page.request.get(`/api/v1/resources/${room}`)).json();
  for (const [begin, end] of times) {
    const answer = await v.page.request.post('/api/v1/reservations', {
      headers: { 'X-CSRF-Token': csrf, Origin: town.base }, data: { resource: id, begin, end, kind: 'staff', title: 'Koulun ilta', reason: 'Koulun ilta' },
    });
    assert.equal(answer.status(), 201, await answer.text());
  }
}

// chooseTime opens the room with a time chosen and keeps it.
async function chooseTime(v, room, date, start, minutes) {
  await v.page.goto(`${v.at.rooms}/${room}?date=${date}&start=${start}&minutes=${minutes}`);
  await v.page.locator('[data-book]').click();
  await v.page.getByRole('heading', { level: 1, name: v.t('checkout.title') }).waitFor();
}

// repeat asks for n weekly dates and comes to the page that shows them.
async function repeat(v, holder, title, n) {
  await v.page.getByRole('radio', { name: holder }).check();
  await v.page.getByLabel(v.t('field.title')).fill(title);
  await v.page.getByText(v.t('series.fold'), { exact: true }).click();
  await v.page.getByLabel(v.t('series.or_times')).fill(String(n));
  await v.page.getByRole('button', { name: v.t('series.look'), exact: true }).click();
  await v.page.getByRole('heading', { level: 1, name: v.t('series.check_title') }).waitFor();
}

const choices = (v) => v.page.locator('select[name^=fix_]');
const states = (v, key) => v.page.locator('.series-rows > li').filter({ hasText: v.t(key) });

describe('a series', () => {
  test('thirty weeks, three clashes, each mended in its own way with at most three more acts', async () => {
    await take(gym, [['2026-12-15T20:00:00+02:00', '2026-12-15T21:00:00+02:00'], ['2027-01-19T20:00:00+02:00', '2027-01-19T21:00:00+02:00'], ['2027-03-02T20:00:00+02:00', '2027-03-02T21:00:00+02:00']]);
    const v = await visitor(browser, town, 'fi');
    await signIn(v.page, 'fi', /Ebba Exempel/);
    await chooseTime(v, gym, '2026-12-01', '20:00', 60);
    await repeat(v, /^Esimerkkikuoro/, 'Iltapeli', 30);
    await v.page.getByText('27 vapaata').first().waitFor();
    assert.equal(await choices(v).count(), 3);
    await assertClean(v, 'repair');

    let acts = 0;
    const [, second, third] = await choices(v).all();
    const other = second.locator('option').filter({ hasText: v.t('series.same_time') }).first();
    acts++, await second.selectOption(await other.getAttribute('value'));
    acts++, await third.selectOption('wait');
    assert.ok(acts <= 3, `${acts} acts`);
    await acceptTerms(v);
    await v.page.locator('.action-bar .btn.primary').click();
    await v.page.waitForURL(`**${pages.fi.series}**`);

    await v.page.getByRole('heading', { level: 1, name: 'Iltapeli' }).waitFor();
    const dates = v.page.locator('a.series-when');
    assert.equal(await dates.count(), 29, '27 as asked, one at another time, one in another room');
    assert.equal(await states(v, 'state.confirmed').count(), 29);
    const moved = v.page.locator('.series-rows > li').filter({ hasText: 'ti 15.12.2026' });
    assert.doesNotMatch(await moved.locator('.series-when').innerText(), /20\.00–21\.00/);
    const elsewhere = v.page.locator('.series-rows > li').filter({ hasText: 'ti 19.1.2027' });
    assert.match(await elsewhere.innerText(), /20\.00–21\.00[\s\S]*Lohko [BC]|20\.00–21\.00[\s\S]*lohko [BC]/);
    const waiting = v.page.locator('[aria-labelledby=rejected] li');
    assert.equal(await waiting.count(), 1);
    assert.match(await waiting.innerText(), /ti 2\.3\.2027[\s\S]*Jonossa 1/);
    await assertClean(v, 'series');
    assertSound(v.page);

    await v.page.goto(v.at.mine);
    await v.page.getByRole('link', { name: 'Iltapeli', exact: true }).waitFor();
    await assertClean(v, 'mine');
  });

  test('the same without JavaScript, in Swedish, at 320 pixels', async () => {
    const room = 'esimerkkikoulun-liikuntasali-b';
    await take(room, [['2026-12-08T20:00:00+02:00', '2026-12-08T21:00:00+02:00']]);
    const v = await visitor(browser, town, 'sv', { width: 320, javaScript: false });
    await signIn(v.page, 'sv', /Ebba Exempel/);
    await chooseTime(v, room, '2026-12-01', '20:00', 60);
    await repeat(v, /^Exempelföreningen/, 'Kvällsspel', 4);
    assert.equal(await choices(v).count(), 1);
    await choices(v).first().selectOption('keep');
    await acceptTerms(v);
    await v.page.locator('.action-bar .btn.primary').click();
    await v.page.getByRole('heading', { level: 1, name: 'Kvällsspel' }).waitFor();
    assert.equal(await v.page.locator('a.series-when').count(), 3);
    await v.page.getByRole('link', { name: v.t('series.cancel'), exact: true }).click();
    await v.page.getByRole('button', { name: v.t('series.cancel_do'), exact: true }).click();
    await v.page.getByRole('status').getByText('3 gånger har avbokats').waitFor();
  });

  test('the time of the following dates is changed, one clash mended, on a phone in Swedish', async () => {
    const room = 'esimerkkikoulun-musiikkiluokka';
    await take(room, [['2026-12-19T11:00:00+02:00', '2026-12-19T12:00:00+02:00']]);
    const v = await visitor(browser, town, 'sv', { width: 390, scheme: 'dark' });
    await signIn(v.page, 'sv', /Ebba Exempel/);
    await chooseTime(v, room, '2026-12-05', '12:00', 60);
    await repeat(v, /^Esimerkkikuoro/, 'Körlördag', 3);
    await acceptTerms(v);
    await v.page.locator('.action-bar .btn.primary').click();
    await v.page.getByRole('heading', { level: 1, name: 'Körlördag' }).waitFor();
    await v.page.locator('a.series-when').nth(1).click();
    await v.page.getByRole('link', { name: v.t('series_edit.more'), exact: true }).click();
    await v.page.getByRole('heading', { level: 1, name: v.t('series.edit') }).waitFor();
    await assertClean(v, 'change');
    await v.page.getByLabel(v.t('work.start'), { exact: true }).selectOption('11:00');
    await v.page.getByLabel(v.t('work.end'), { exact: true }).selectOption('12:00');
    await v.page.getByRole('button', { name: v.t('series_edit.look'), exact: true }).click();
    await v.page.getByRole('heading', { level: 2, name: v.t('series_edit.title') }).waitFor();
    assert.equal(await choices(v).count(), 1);
    await assertClean(v, 'look');
    await choices(v).first().selectOption('keep');
    await v.page.locator('form.series-edit .btn.primary').click();
    await v.page.getByRole('status').getByText('1 gång ändrades. Oförändrade: 2.').waitFor();
    await v.page.getByRole('link', { name: /Fortsätter serien S-2026-/ }).click();
    await v.page.getByRole('link', { name: /Fortsätter ändrad som serie S-2026-/ }).waitFor();
    await assertClean(v, 'old series');
    assertSound(v.page);
  });

  for (const [lang, scheme, width] of looks) {
    test(`its pages in ${lang}, ${scheme}, ${width} pixels`, async () => {
      const v = await visitor(browser, town, lang, { scheme, width });
      await signIn(v.page, lang, /Ebba Exempel/);
      await v.page.goto(v.at.mine);
      await v.page.getByRole('link', { name: 'Kuoroharjoitus', exact: true }).click();
      await v.page.waitForURL(`**${pages[lang].series}**`);
      assert.ok((await v.page.locator('[aria-labelledby=rejected] li').count()) >= 1, 'dates on public holidays were kept');
      await assertClean(v, 'series');
      await v.page.getByRole('link', { name: v.t('series.cancel'), exact: true }).click();
      await v.page.getByRole('heading', { level: 1, name: v.t('series.cancel') }).waitFor();
      await assertClean(v, 'cancel');
      await v.page.goto(`${v.at.rooms}/${gym}?date=2026-11-30&start=20:00&minutes=60`);
      await v.page.locator('[data-book]').click();
      await v.page.getByText(v.t('series.fold'), { exact: true }).click();
      await assertClean(v, 'checkout');
      await v.page.getByRole('button', { name: v.t('series.look'), exact: true }).click();
      await v.page.getByRole('heading', { level: 1, name: v.t('series.check_title') }).waitFor();
      await assertClean(v, 'check');
      await v.page.goto(v.at.checkout); // the time is free again for the next look
      await v.page.getByRole('button', { name: v.t('hold.release'), exact: true }).click();
      assertSound(v.page);
    });
  }
});
