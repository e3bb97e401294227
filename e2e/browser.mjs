// Chromium with a fresh profile, and pages that write down everything that goes
// wrong in them: script errors, console errors, violations of the content
// security policy, answers that say the server failed.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export function openBrowser() {
  const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
  if (!existsSync(executablePath)) throw new Error('there is no Chromium: set CHROMIUM to its path');
  return chromium.launch({ executablePath, args: flags });
}

const opened = [];

// closePages closes every profile that openPage has opened.
export async function closePages() {
  await Promise.all(opened.splice(0).map((context) => context.close()));
}

// openPage opens a page in a browser profile of its own.
//   scheme: light or dark · width: pixels · javaScript: false turns it off
export async function openPage(browser, town, { lang = 'fi', scheme = 'light', width = 1280, height = 900, javaScript = true } = {}) {
  const context = await browser.newContext({
    baseURL: town.base, locale: { fi: 'fi-FI', sv: 'sv-FI', en: 'en-GB' }[lang], timezoneId: 'Europe/Helsinki', colorScheme: scheme,
    viewport: { width, height }, javaScriptEnabled: javaScript, reducedMotion: 'reduce', acceptDownloads: true,
  });
  opened.push(context);
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.problems = [];
  if (javaScript) await context.addInitScript(tellViolations);
  page.on('console', (message) => {
    if (message.type() === 'error' && !ownAnswer(page, message)) page.problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (err) => page.problems.push(`script: ${err.message}`));
  page.on('response', (answer) => {
    if (answer.status() >= 500) page.problems.push(`${answer.status()} ${answer.url()}`);
  });
  return page;
}

// tellViolations runs in the page before its own scripts.
function tellViolations() {
  document.addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile ?? ''}`));
}

// The browser also logs as an error that the page itself was answered with 4xx,
// which tests of bad input expect and check by themselves.
const ownAnswer = (page, message) =>
  /status of 4\d\d/.test(message.text()) && new URL(message.location().url).pathname === new URL(page.url()).pathname;

export function assertSound(page) {
  assert.deepEqual(page.problems, [], `problems on the way to ${page.url()}`);
}

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

// What axe is asked: every rule of the standards, and the elements against which
// it finds something; to describe those that are right as well takes a quarter
// of its time.
const question = { runOnly: { type: 'tag', values: standards }, resultTypes: ['violations'] };

// axeFindings are what axe says against the page: rule, element, why.
export async function axeFindings(page) {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().options(question).analyze();
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} – ${n.failureSummary.split('\n')[1]?.trim()}`));
}

// sideways is by how many pixels a page is wider than its window, and what
// sticks out.
export function sideways(page) {
  return page.evaluate(() => {
    const over = document.documentElement.scrollWidth - window.innerWidth;
    if (over <= 0) return null;
    const wide = [...document.querySelectorAll('body *')].filter((el) => el.getBoundingClientRect().right > window.innerWidth + 1);
    return `${over} px: ${wide.slice(0, 5).map((el) => `${el.nodeName.toLowerCase()}.${el.className?.baseVal ?? el.className}`).join(', ')}`;
  });
}

// findings are what is wrong with a visitor's page, each with the page's name.
export async function findings(v, name) {
  const list = (await axeFindings(v.page)).map((f) => `${name}: ${f}`);
  const wide = await sideways(v.page);
  if (wide) list.push(`${name}: wider than the window by ${wide}`);
  return list;
}

export const assertClean = async (v, name) => assert.deepEqual(await findings(v, name), []);

// pairs are the languages, schemes and widths that pages are looked at in.
export const pairs = [['fi', 'light', 1280], ['sv', 'dark', 390], ['en', 'light', 320]];
const all = ['fi', 'sv', 'en'].flatMap((lang) => ['light', 'dark'].flatMap((scheme) => [1280, 390, 320].map((width) => [lang, scheme, width])));

// looks are the pairs, with FULL=1 every combination.
export const looks = process.env.FULL ? all : pairs;

// signIn signs in by the demo town's one-click people.
export async function signIn(page, lang, name) {
  await page.goto({ fi: '/fi/kirjaudu', sv: '/sv/logga-in', en: '/en/sign-in' }[lang]);
  await page.getByRole('main').getByRole('button', { name }).click();
  await page.waitForURL((url) => !/kirjaudu|logga-in|sign-in/.test(url.pathname));
}
