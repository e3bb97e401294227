// The steps of a visit, each as a visitor takes it: by the names of links,
// buttons and fields in the visitor's language.
import assert from 'node:assert/strict';
import { words } from './town.mjs';
import { openPage } from './browser.mjs';

// Addresses of the pages that visits begin at.
export const at = {
  fi: { home: '/fi', rooms: '/fi/tilat', checkout: '/fi/varaa', mine: '/fi/omat', subscribe: '/fi/tilaa', reservations: '/fi/varaukset' },
  sv: { home: '/sv', rooms: '/sv/lokaler', checkout: '/sv/boka', mine: '/sv/mina', subscribe: '/sv/prenumerera', reservations: '/sv/bokningar' },
  en: { home: '/en', rooms: '/en/rooms', checkout: '/en/book', mine: '/en/mine', subscribe: '/en/subscribe', reservations: '/en/reservations' },
};

// visitor opens a browser profile for somebody who reads lang.
export async function visitor(browser, town, lang, options = {}) {
  const page = await openPage(browser, town, { lang, ...options });
  return { page, lang, t: await words(lang), at: at[lang], steps: 0 };
}

// act counts what a visitor does: a press, or a field filled in.
export async function act(v, what) {
  v.steps++;
  await what;
}

// findTonight goes from the home page to the rooms that are free tonight and
// chooses the first free start of the room of that name.
export async function findTonight(v, room) {
  await v.page.goto(v.at.home);
  await act(v, v.page.getByRole('main').getByRole('button', { name: v.t('home.tonight'), exact: true }).click());
  const card = v.page.getByRole('article').filter({ has: v.page.getByRole('link', { name: room, exact: true }) });
  await act(v, card.getByRole('listitem').getByRole('link', { name: /^\d\d?[.:]\d\d$/ }).first().click());
  await v.page.getByRole('heading', { level: 1, name: room }).waitFor();
}

// keepTime presses the picker's button, which names the chosen time.
export async function keepTime(v) {
  await act(v, v.page.locator('[data-book]').click());
  await v.page.getByRole('heading', { level: 1, name: v.t('checkout.title') }).waitFor();
}

// chooseStart takes the nth free start of a day on a room's page.
export async function chooseStart(v, slug, date, nth = 0) {
  await v.page.goto(`${v.at.rooms}/${slug}?date=${date}`);
  await act(v, v.page.locator('label.chip:has(input[name=start])').nth(nth).click());
}

export async function acceptTerms(v) {
  await act(v, v.page.getByRole('checkbox', { name: v.t('checkout.accept') }).check());
}

// confirm presses the button of the checkout and gives the number on the receipt.
export async function confirm(v, key = 'action.confirm') {
  await act(v, v.page.getByRole('button', { name: v.t(key), exact: true }).click());
  await v.page.waitForURL(`**${v.at.reservations}/**`);
  return v.page.url().split('/').pop();
}

export async function fillForm(v, { title = 'Kokous & kahvit', persons = '4' } = {}) {
  await v.page.getByLabel(v.t('field.title')).fill(title);
  const purpose = v.page.getByRole('combobox', { name: v.t('field.purpose') });
  if (await purpose.count()) await purpose.selectOption({ index: 1 });
  const people = v.page.getByLabel(v.t('field.persons'));
  if (await people.count()) await people.fill(persons);
}

// assertReceipt checks the page of a reservation that was just made.
export async function assertReceipt(v, number, state = 'confirmed') {
  await v.page.getByRole('heading', { level: 1, name: v.t(`reservation.title.${state}`) }).waitFor();
  assert.match(number, /^V-\d{4}-\d+$/);
  assert.ok(await v.page.getByText(number).first().isVisible(), 'the receipt shows the number');
}

// downloadEvent follows the link of the receipt to the calendar file.
export async function downloadEvent(v) {
  const [download] = await Promise.all([
    v.page.waitForEvent('download'),
    v.page.getByRole('link', { name: v.t('action.add_to_calendar') }).click(),
  ]);
  assert.match(download.suggestedFilename(), /\.ics$/);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  return events(Buffer.concat(chunks).toString('utf8'));
}

export async function cancel(v) {
  await v.page.getByRole('link', { name: v.t('action.cancel_booking'), exact: true }).click();
  await v.page.getByRole('heading', { level: 1, name: v.t('cancel.title') }).waitFor();
  await v.page.getByRole('button', { name: v.t('action.cancel_booking'), exact: true }).click();
  await v.page.getByRole('heading', { level: 1, name: v.t('reservation.title.cancelled') }).waitFor();
}

// makeFeed subscribes and gives the secret address.
export async function makeFeed(v) {
  await v.page.goto(v.at.subscribe);
  await v.page.getByRole('button', { name: v.t('subscribe.make'), exact: true }).click();
  return v.page.getByRole('textbox', { name: v.t('subscribe.address'), exact: true }).inputValue();
}

// events reads an iCalendar text: one object of property → value for each
// VEVENT, long lines unfolded (RFC 5545 section 3.1), parameters left out.
export function events(text) {
  assert.ok(text.startsWith('BEGIN:VCALENDAR\r\n') && text.endsWith('END:VCALENDAR\r\n'), 'it is a calendar');
  const list = [];
  let event = null;
  for (const line of text.replace(/\r\n[ \t]/g, '').split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).split(';')[0];
    const value = line.slice(colon + 1);
    if (line === 'BEGIN:VEVENT') event = {};
    else if (line === 'END:VEVENT') list.push(event), (event = null);
    else if (event) event[name] = value;
  }
  return list;
}

export async function feedEvents(address) {
  const answer = await fetch(address);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^text\/calendar/);
  return events(await answer.text());
}
