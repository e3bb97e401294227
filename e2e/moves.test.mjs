// Staff move bookings on the schedule: by mouse, by keys, and with the form
// where scripts do not run. What is in the way is told with other times, and a
// move can be taken back.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { assertClean, assertSound, signIn } from './browser.mjs';
import { browser, town } from './stage.mjs';
import { visitor } from './steps.mjs';

const day = '/work/schedule?unit=oodi&date=2026-11-26';

// book makes a booking of the site's own and gives its number.
async function book(v, room, start, end, title) {
  await v.page.goto(`/work/new?unit=oodi&date=2026-11-26&room=${room}&start=${start}&end=${end}`);
  await v.page.getByLabel(v.t('work.new_name')).fill(title);
  await v.page.getByRole('button', { name: v.t('action.save'), exact: true }).click();
  return (await v.page.locator('#flash').getByText(/V-2026-\d+/).innerText()).match(/V-2026-\d+/)[0];
}

const item = (page, number) => page.locator(`a[data-move*="${number}"]`);
const rowOf = (page, number) => item(page, number).evaluate((a) => a.closest('.row').dataset.room);
const timeOf = (page, number) => item(page, number).evaluate((a) => `${a.dataset.start}+${a.dataset.minutes}`);
const hour = (page) => page.locator('.scale .hour').first().evaluate((h) => h.getBoundingClientRect().width);
const dialog = (v) => v.page.getByRole('dialog', { name: v.t('moving.title') });

// drag takes an item at a share of its width and moves it by hours and rows.
async function drag(v, number, { at = 0.5, hours = 0, row = null }) {
  const link = item(v.page, number);
  await link.scrollIntoViewIfNeeded();
  const box = await link.boundingBox();
  const x = at === 1 ? box.x + box.width - 3 : box.x + box.width * at;
  const y = row ? await v.page.locator(`.row[data-room="${row}"]`).evaluate((r) => r.getBoundingClientRect().top + r.getBoundingClientRect().height / 2) : box.y + box.height / 2;
  await v.page.mouse.move(x, box.y + box.height / 2);
  await v.page.mouse.down();
  await v.page.mouse.move(x + 3, box.y + box.height / 2);
  assert.equal(await v.page.locator('.ghost').count(), 0, 'a hand that shakes moves nothing');
  await v.page.mouse.move(x + hours * (await hour(v.page)), y, { steps: 8 });
  await v.page.locator('.ghost').waitFor();
  await v.page.mouse.up();
  await dialog(v).waitFor();
}

async function assertSoundAndClean(v, name) {
  assertSound(v.page);
  await assertClean(v, name);
}

const told = (page) => page.locator('#flash').innerText();

let v;
beforeEach(async () => {
  if (v) return;
  v = await visitor(browser, town, 'fi', { height: 1400 });
  await signIn(v.page, 'fi', /Leena Kirjasto/);
});

test('moves a booking by mouse into another room, and takes it back', async () => {
  const number = await book(v, 'oodi-aura', '10:00', '12:00', 'Hiirellä');
  await v.page.goto(day);
  await drag(v, number, { hours: 1, row: 'oodi-ryhmahuone' });
  const asked = await dialog(v).innerText();
  assert.match(asked, /Aura[\s\S]*Ryhmähuone[\s\S]*10\.00–12\.00[\s\S]*11\.00–13\.00/);
  assert.ok(asked.includes(v.t('moving.no_mail')), 'it says whether anybody is told');
  assert.ok(asked.includes('Hinta'), 'and what it costs');
  await assertSoundAndClean(v, 'the question');
  await dialog(v).getByRole('button', { name: v.t('action.move'), exact: true }).click();
  await v.page.getByRole('button', { name: v.t('action.undo'), exact: true }).waitFor();
  assert.ok(v.page.url().endsWith(day), 'the same schedule comes back');
  assert.equal(await rowOf(v.page, number), 'oodi-ryhmahuone');
  assert.equal(await timeOf(v.page, number), '660+120');
  await v.page.getByRole('button', { name: v.t('action.undo'), exact: true }).click();
  await v.page.getByText(v.t('moving.undone').split('{')[0].trim()).waitFor();
  assert.equal(await rowOf(v.page, number), 'oodi-aura');
  assert.equal(await timeOf(v.page, number), '600+120');
  assertSound(v.page);
});

test('makes a booking longer by its end, and a click stays a click', async () => {
  const number = await book(v, 'oodi-ryhmahuone', '08:00', '09:00', 'Pidennys');
  await v.page.goto(day);
  await drag(v, number, { at: 1, hours: 1.5 });
  assert.match(await dialog(v).innerText(), /1 t[\s\S]*2 t 30 min/);
  await dialog(v).getByRole('link', { name: v.t('moving.keep'), exact: true }).click();
  await dialog(v).waitFor({ state: 'hidden' });
  assert.equal(await v.page.locator('.ghost, .lifted').count(), 0, 'nothing is left of a move that was not made');
  await drag(v, number, { at: 1, hours: 1.5 });
  await dialog(v).getByRole('button', { name: v.t('action.move'), exact: true }).click();
  await v.page.getByRole('button', { name: v.t('action.undo'), exact: true }).waitFor();
  assert.equal(await timeOf(v.page, number), '480+150');
  await item(v.page, number).click();
  await v.page.waitForURL(`**/work/reservations/${number}`);
  assertSound(v.page);
});

test('moves a booking by keys', async () => {
  const number = await book(v, 'oodi-aura', '15:00', '16:00', 'Näppäimillä');
  await v.page.goto(day);
  await item(v.page, number).focus();
  await v.page.keyboard.press('m');
  const live = v.page.locator('#say');
  assert.match(await live.textContent(), /Aura, 15\.00–16\.00$/);
  await v.page.keyboard.press('ArrowRight');
  await v.page.keyboard.press('ArrowDown');
  await v.page.keyboard.press('Shift+ArrowRight');
  const said = await live.textContent();
  assert.match(said, /^(?!Aura).+, 15\.\d\d–\d\d\.\d\d$/);
  await v.page.keyboard.press('Escape');
  assert.equal(await v.page.locator('.ghost').count(), 0);
  await v.page.keyboard.press('m');
  await v.page.keyboard.press('ArrowRight');
  await v.page.keyboard.press('ArrowRight');
  const to = (await live.textContent()).match(/(\d+)\.(\d\d)–/);
  await v.page.keyboard.press('Enter');
  await dialog(v).waitFor();
  await v.page.keyboard.press('Enter'); // its first button
  await v.page.getByRole('button', { name: v.t('action.undo'), exact: true }).waitFor();
  assert.equal(await timeOf(v.page, number), `${to[1] * 60 + +to[2]}+60`);
  assertSound(v.page);
});

test('moves a booking to the day after on the week of a room', async () => {
  const number = await book(v, 'oodi-aura', '08:00', '09:00', 'Viikossa');
  await v.page.goto('/work/schedule?unit=oodi&date=2026-11-26&span=week&room=oodi-aura');
  await item(v.page, number).focus();
  await v.page.keyboard.press('m');
  await v.page.keyboard.press('ArrowDown');
  assert.match(await v.page.locator('#say').textContent(), /^Pe 27\.11\., 8\.00–9\.00$/);
  await v.page.keyboard.press('Enter');
  await dialog(v).getByRole('button', { name: v.t('action.move'), exact: true }).click();
  await v.page.getByRole('button', { name: v.t('action.undo'), exact: true }).waitFor();
  assert.equal(await item(v.page, number).evaluate((a) => a.closest('.row').dataset.date), '2026-11-27');
  assertSound(v.page);
});

test('is told what is in the way, and where there is room', async () => {
  const number = await book(v, 'oodi-ryhmahuone', '13:00', '14:00', 'Törmää');
  await v.page.goto(day);
  await drag(v, number, { hours: 3 });
  await dialog(v).getByText(v.t('work.conflict_title')).waitFor();
  assert.equal(await dialog(v).getByRole('button', { name: v.t('action.move'), exact: true }).count(), 0);
  await assertSoundAndClean(v, 'what is in the way');
  await dialog(v).getByRole('listitem').getByRole('link').first().click();
  await dialog(v).getByRole('button', { name: v.t('action.move'), exact: true }).click();
  await v.page.getByRole('button', { name: v.t('action.undo'), exact: true }).waitFor();
  assert.notEqual(await timeOf(v.page, number), '780+60');
  assertSound(v.page);
});

test('asks for a reason where a rule is overridden', async () => {
  const number = await book(v, 'oodi-aura', '13:00', '14:00', 'Perusteltu');
  await v.page.goto(day);
  await drag(v, number, { row: 'oodi-kuutio' });
  await dialog(v).getByText(v.t('moving.rules')).waitFor();
  await assertSoundAndClean(v, 'a reason');
  await dialog(v).getByLabel(v.t('work.override_reason')).fill('Sovittu puhelimessa');
  await dialog(v).getByRole('button', { name: v.t('action.move'), exact: true }).click();
  await v.page.getByRole('button', { name: v.t('action.undo'), exact: true }).waitFor();
  assert.equal(await rowOf(v.page, number), 'oodi-kuutio');
  assertSound(v.page);
});

test('keeps what was chosen when somebody was faster', async () => {
  const number = await book(v, 'oodi-aura', '12:00', '13:00', 'Hitaampi');
  await v.page.goto(day);
  await drag(v, number, { hours: 1.5 });
  const other = await visitor(browser, town, 'fi');
  await signIn(other.page, 'fi', /Leena Kirjasto/);
  await book(other, 'oodi-aura', '14:00', '15:00', 'Nopeampi');
  await dialog(v).getByRole('button', { name: v.t('action.move'), exact: true }).click();
  await v.page.getByText(v.t('work.other_times'), { exact: true }).waitFor();
  assert.equal(await v.page.getByLabel(v.t('work.start'), { exact: true }).inputValue(), '13:30');
  assertSound(v.page);
});

test('moves with the form where scripts do not run', async () => {
  const number = await book(v, 'oodi-ryhmahuone', '11:00', '12:00', 'Lomakkeella');
  const plain = await visitor(browser, town, 'fi', { javaScript: false });
  await signIn(plain.page, 'fi', /Leena Kirjasto/);
  await plain.page.goto(`/work/reservations/${number}`);
  await plain.page.getByText(v.t('work.move_title'), { exact: true }).click();
  await plain.page.getByLabel(v.t('move.rooms'), { exact: true }).selectOption({ label: 'Aura' });
  await plain.page.getByLabel(v.t('work.start'), { exact: true }).selectOption('08:00');
  await plain.page.getByRole('button', { name: v.t('action.move'), exact: true }).click();
  await plain.page.getByRole('button', { name: v.t('action.undo'), exact: true }).waitFor();
  assert.ok((await told(plain.page)).includes(number));
  await v.page.goto(day);
  assert.equal(await timeOf(v.page, number), '480+60');
  await plain.page.getByRole('button', { name: v.t('action.undo'), exact: true }).click();
  await plain.page.getByText(v.t('moving.undone').split('{')[0].trim()).waitFor();
  await v.page.goto(day);
  assert.equal(await timeOf(v.page, number), '660+60');
});
