// Makes docs/pictures: the main pages as they look in the demo town.
//   node e2e/pictures.mjs   (after `make build` and `make test`, which set up what it needs)
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser, signIn } from './browser.mjs';
import { startTown } from './town.mjs';
import { acceptTerms, chooseStart, confirm, keepTime, visitor } from './steps.mjs';

const out = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs', 'pictures');
const limit = 150 * 1024;
const forms = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 780 } };

let used = 0; // days booked so far
const town = await startTown();
const browser = await openBrowser();
try {
  await mkdir(out, { recursive: true });
  for (const form of ['desktop', 'phone']) await makePublic(form, 'light');
  await makePublic('phone', 'dark');
  for (const [form, scheme] of [['desktop', 'light'], ['phone', 'light'], ['desktop', 'dark']]) await makeStaff(form, scheme);
} finally {
  await browser.close();
  await town.stop();
}

async function makePublic(form, scheme) {
  const v = await visitor(browser, town, 'en', { ...forms[form], scheme });
  const shoot = (name, options) => picture(v.page, [name, form, scheme], options);
  await v.page.goto('/en');
  await shoot('home');
  await v.page.goto('/en/rooms?tonight=1');
  await shoot('search');
  await v.page.goto('/en/rooms?tonight=1&view=timeline');
  await shoot('timeline', { from: '#results' });
  await signIn(v.page, 'en', /Otso Ilta/);
  await chooseStart(v, 'oodi-ryhmahuone', `2026-12-0${1 + used++}`, 2);
  await shoot('room', { from: form === 'phone' ? '.picker' : undefined });
  await keepTime(v);
  await v.page.getByLabel(v.t('field.title')).fill('Board meeting');
  await v.page.getByLabel(v.t('field.persons')).fill('6');
  await shoot('checkout');
  await acceptTerms(v);
  await confirm(v);
  await shoot('receipt');
  await v.page.goto('/en/mine');
  await shoot('mine');
  await v.page.context().close();
}

async function makeStaff(form, scheme) {
  const v = await visitor(browser, town, 'en', { ...forms[form], scheme });
  const shoot = (name, options) => picture(v.page, [name, form, scheme], options);
  await signIn(v.page, 'en', /Leena Kirjasto/);
  await v.page.goto('/work/requests');
  if (form === 'desktop') await v.page.getByRole('listitem').filter({ has: v.page.getByRole('checkbox') }).getByRole('link').first().click();
  await shoot('requests');
  await v.page.goto('/work/schedule?unit=oodi&date=2026-11-24');
  await shoot('schedule');
  await v.page.goto('/work/reports/hours?from=2026-11-01&to=2026-11-30');
  await shoot('hours');
  await v.page.context().close();
}

// picture keeps one window's height, from the top or from an element on, small
// enough to be looked at over a slow line.
async function picture(page, words, { from } = {}) {
  await page.mouse.move(0, 0);
  await page.evaluate(() => {
    document.activeElement?.blur();
    scrollTo(0, 0);
    return document.fonts.ready;
  });
  if (from) await page.locator(from).evaluate((el) => el.scrollIntoView({ block: 'start' }));
  await page.evaluate(() => Promise.all([...document.images].filter((i) => i.getBoundingClientRect().top < innerHeight).map((i) => i.decode().catch(() => {}))));
  const path = join(out, `${words.filter((w) => w !== 'light').join('-')}.png`);
  await page.screenshot({ path });
  const { size } = await stat(path);
  console.log(`${path} ${Math.round(size / 1024)} KB`);
  if (size > limit) throw new Error(`${path} is larger than ${limit / 1024} KB`);
}
