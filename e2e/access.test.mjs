// Every page in every language, light and dark, wide and narrow: no finding of
// axe (WCAG 2.2 A and AA), no violation of the content security policy, nothing
// on the console, no scrolling sideways. A quick run takes pairs; FULL=1 takes
// all combinations.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertClean, assertSound, closePages, findings, looks, signIn } from './browser.mjs';
import { browser, town } from './stage.mjs';
import { at, chooseStart, keepTime, acceptTerms, confirm, fillForm, visitor } from './steps.mjs';

for (const [lang, scheme, width] of looks) {
  describe(`${lang}, ${scheme}, ${width} pixels`, () => {
    const open = (extra) => visitor(browser, town, lang, { scheme, width, ...extra });
    after(closePages);

    test('pages of nobody', async () => {
      const v = await open();
      await check(v, publicPages(lang));
      await checkRefusals(v, lang);
    });

    test('pages of a resident', async () => {
      const v = await open();
      await signIn(v.page, lang, /Otso Ilta/);
      await checkBooking(v);
      await check(v, personalPages(lang));
    });

    test('pages of staff', async () => {
      const v = await open();
      await signIn(v.page, lang, /Helmi Hallinto/);
      await check(v, staffPages);
      await checkRequest(v);
    });
  });
}

function publicPages(lang) {
  const { home, rooms } = at[lang];
  const info = { fi: ['/fi/palvelusta', '/fi/tietosuoja', '/fi/saavutettavuus', '/fi/ehdot'], sv: ['/sv/om', '/sv/dataskydd', '/sv/tillganglighet', '/sv/villkor'], en: ['/en/about', '/en/privacy', '/en/accessibility', '/en/terms'] };
  const month = { fi: 'kuukausi', sv: 'manad', en: 'month' };
  const signInPage = { fi: '/fi/kirjaudu', sv: '/sv/logga-in', en: '/en/sign-in' };
  return [
    home, rooms, `${rooms}?tonight=1`, `${rooms}?tonight=1&view=timeline`, `${rooms}?tonight=1&view=table`,
    `${rooms}?q=zzz`, `${rooms}?date=2026-11-28&from=10:00&to=14:00&persons=20`,
    `${rooms}/oodi-ryhmahuone`, `${rooms}/esimerkkikoulun-liikuntasali?date=2026-11-25&start=17:00&minutes=60`,
    `${rooms}/esimerkkikoulun-liikuntasali-a?date=2026-12-06`, `${rooms}/oodi-aura/${month[lang]}?month=2026-12`,
    signInPage[lang], `${signInPage[lang]}?sent=1`, ...info[lang], '/demo/mailbox', '/api/docs',
  ];
}

const personalPages = (lang) => [
  at[lang].home, at[lang].mine, `${at[lang].mine}?view=past`, at[lang].subscribe,
  { fi: '/fi/profiili', sv: '/sv/profil', en: '/en/profile' }[lang], '/demo/mailbox',
];

const staffPages = [
  '/work', '/work/requests', '/work/schedule?unit=oodi&date=2026-11-25', '/work/schedule?unit=esimerkkikoulu&date=2026-11-23&view=table',
  '/work/schedule?unit=oodi&month=2026-11', '/work/new', '/work/reports/hours?from=2026-10-01&to=2026-12-31',
];

async function check(v, paths) {
  const wrong = [];
  for (const path of paths) {
    const answer = await v.page.goto(path);
    if (answer.status() !== 200) wrong.push(`${path}: status ${answer.status()}`);
    wrong.push(...await findings(v, path));
  }
  assert.deepEqual(wrong, []);
  assertSound(v.page);
}

// checkRefusals looks at pages that say no.
async function checkRefusals(v, lang) {
  for (const [path, status] of [
    [`${at[lang].rooms}/no-such-room`, 404], [`${at[lang].rooms}?date=maybe&persons=many`, 422],
    [`${at[lang].rooms}/oodi-aura?date=31.2.2026`, 422], ['/sign-in/not-a-token', 404],
  ]) {
    const answer = await v.page.goto(path);
    assert.equal(answer.status(), status, path);
    await assertClean(v, path);
  }
  assertSound(v.page);
}

let nextStart = 0;

// checkBooking goes to a receipt by way of a form with a mistake in it.
async function checkBooking(v) {
  await chooseStart(v, 'kallion-lukupiirihuone', `2026-12-0${1 + nextStart % 4}`, Math.floor(nextStart / 4));
  nextStart++;
  await assertClean(v, 'room with a chosen time');
  await keepTime(v);
  await assertClean(v, 'checkout');
  await fillForm(v, { title: 'Ilta', persons: 'x' });
  await acceptTerms(v);
  await v.page.getByRole('button', { name: v.t('action.confirm'), exact: true }).click();
  await v.page.getByRole('alert').waitFor();
  await assertClean(v, 'checkout with a mistake');
  await v.page.getByLabel(v.t('field.persons')).fill('5');
  await confirm(v);
  await assertClean(v, 'receipt');
  await v.page.getByRole('link', { name: v.t('reservation.move'), exact: true }).click();
  await assertClean(v, 'move');
  await v.page.goBack();
  await v.page.getByRole('link', { name: v.t('action.cancel_booking'), exact: true }).click();
  await assertClean(v, 'cancel');
  await v.page.getByRole('button', { name: v.t('action.cancel_booking'), exact: true }).click();
  await v.page.getByRole('heading', { level: 1, name: v.t('reservation.title.cancelled') }).waitFor();
  await assertClean(v, 'cancelled');
  await v.page.goto('/work/requests');
  await assertClean(v, 'forbidden');
  await v.page.goto(v.at.subscribe);
  await v.page.getByRole('button', { name: v.t('subscribe.make'), exact: true }).click();
  await v.page.getByRole('textbox', { name: v.t('subscribe.address'), exact: true }).waitFor();
  await assertClean(v, 'a new calendar address');
  assertSound(v.page);
}

// checkRequest opens a request and its page.
async function checkRequest(v) {
  await v.page.goto('/work/requests');
  await v.page.getByRole('listitem').filter({ has: v.page.getByRole('checkbox') }).getByRole('link').first().click();
  await v.page.getByRole('button', { name: v.t('action.approve'), exact: true }).waitFor();
  await assertClean(v, 'an open request');
  await v.page.getByRole('link', { name: v.t('work.open_page') }).click();
  await v.page.waitForURL('**/work/reservations/**');
  await assertClean(v, 'a request on its page');
  assertSound(v.page);
}
