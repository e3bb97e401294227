// Tuesdays open later for some weeks: a caretaker sees before saving whom that
// leaves outside, and then keeps one, moves one to its proposal and cancels the
// rest with one reason and one mail per person.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { assertClean, assertSound, closePages, signIn } from './browser.mjs';
import { browser, town } from './stage.mjs';
import { acceptTerms, chooseStart, confirm, fillForm, keepTime, visitor } from './steps.mjs';

afterEach(closePages);
const why = 'Tiistaisin avataan vasta kello 16.';
const hours = '/admin/units/oodi/hours';
const shot = (v, name) => process.env.SHOTS && v.page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });

// book takes the first free start of a day.
async function book(v, date) {
  await chooseStart(v, 'oodi-ryhmahuone', date);
  await keepTime(v);
  await fillForm(v);
  await acceptTerms(v);
  return confirm(v);
}

// typeException adds a period in which Tuesdays begin in the afternoon.
async function typeException(v) {
  await v.page.goto(hours);
  await v.page.getByRole('button', { name: v.t('admin.more_rows') }).click();
  const period = v.page.locator('fieldset.period').last();
  const name = await period.getAttribute('id');
  const field = (of) => v.page.locator(`[name=${name}_${of}]`);
  await field('name_fi').fill('Lyhyet tiistait');
  await field('from').fill('24.11.2026');
  await field('to').fill('15.12.2026');
  await field('mode').selectOption('override');
  for (const [row, days, from, to] of [['r0', [2], '16', '20'], ['r1', [1, 3, 4, 5, 6, 7], '8', '20']]) {
    for (const day of days) await field(`${row}_day`).nth(day - 1).check({ force: true });
    await field(`${row}_from`).fill(from);
    await field(`${row}_to`).fill(to);
  }
  await v.page.getByRole('button', { name: v.t('admin.preview_do') }).last().click();
}

test('later Tuesdays: seen before saving, then kept, moved and cancelled', async () => {
  const resident = await visitor(browser, town, 'fi');
  await signIn(resident.page, 'fi', /Otso Ilta/);
  const numbers = [];
  for (const date of ['2026-11-24', '2026-12-01', '2026-12-01', '2026-12-01']) numbers.push(await book(resident, date));

  const v = await visitor(browser, town, 'fi');
  await signIn(v.page, 'fi', /Leena Kirjasto/);
  await typeException(v);
  const outside = v.page.locator('section.alert');
  await outside.getByRole('link', { name: new RegExp(numbers[0]) }).waitFor();
  assert.ok((await v.page.locator('.year .mday.changed').count()) >= 4, 'the changed days are marked');
  await assertClean(v, 'hours with their effect and their year');
  await shot(v, 'hours-effect');
  await v.page.getByRole('button', { name: v.t('admin.save_anyway') }).click();
  await v.page.getByText(v.t('admin.saved')).waitFor();

  await resident.page.goto(`/fi/varaukset/${numbers[0]}`);
  await resident.page.getByText(v.t('affected.holder_title')).waitFor();

  await v.page.goto('/work/affected?unit=oodi');
  const row = (number) => v.page.locator('ul.affected > li').filter({ has: v.page.locator(`a[href$="${number}"]`) });
  for (const number of numbers) await row(number).waitFor();
  await assertClean(v, 'what waits for a decision');
  await shot(v, 'affected');
  await row(numbers[0]).getByRole('button', { name: new RegExp(v.t('affected.keep')) }).click();
  await v.page.locator('#flash').waitFor();
  await row(numbers[1]).getByRole('button', { name: new RegExp(v.t('affected.move')) }).click();
  await v.page.locator('#flash').getByText(numbers[1]).waitFor();
  for (const number of numbers.slice(0, 2)) assert.equal(await row(number).count(), 0, 'it is decided');

  await v.page.getByRole('button', { name: /Peru kaikki/ }).click();
  await v.page.getByRole('alert').waitFor();
  await v.page.getByLabel(v.t('affected.reason')).fill(why);
  await v.page.getByRole('button', { name: /Peru kaikki/ }).click();
  await v.page.getByRole('heading', { name: v.t('affected.none') }).waitFor();
  await v.page.goto(`${hours}/copy`);
  await v.page.locator('input[name=to]').first().check();
  await v.page.getByRole('button', { name: v.t('admin.copy_look') }).last().click();
  await v.page.getByRole('heading', { name: v.t('admin.copy_effects') }).waitFor();
  await assertClean(v, 'what copying would do');
  assertSound(v.page);

  await resident.page.goto(`/fi/varaukset/${numbers[3]}`);
  await resident.page.getByText(why).waitFor();
  await resident.page.goto('/demo/mailbox');
  const mail = resident.page.locator('.mail').filter({ hasText: 'otso@' }).filter({ hasText: 'koska aukioloajat muuttuvat' });
  for (let tries = 0; tries < 40 && (await mail.count()) === 0; tries++) {
    await resident.page.waitForTimeout(250);
    await resident.page.reload();
  }
  assert.equal(await mail.count(), 1, 'one mail about all of them');
  await mail.getByRole('link').click();
  for (const number of numbers.slice(2)) await resident.page.getByText(number).first().waitFor();
  assertSound(resident.page);
});
