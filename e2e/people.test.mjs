// Associations and calendars: members are invited by mail, book together and
// are removed; a room's calendar is subscribed to, gets a new address and ends.
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { assertSound, closePages, findings, looks, signIn } from './browser.mjs';
import { browser, town } from './stage.mjs';
import { acceptTerms, assertReceipt, chooseStart, confirm, feedEvents, fillForm, keepTime, visitor } from './steps.mjs';

afterEach(closePages);
const pages = {
  fi: { associations: '/fi/omat/seurat', fresh: '/fi/omat/seurat/uusi' },
  sv: { associations: '/sv/mina/foreningar', fresh: '/sv/mina/foreningar/ny' },
  en: { associations: '/en/mine/associations', fresh: '/en/mine/associations/new' },
};

// register makes an association and stays on its page.
async function register(v, name) {
  await v.page.goto(pages[v.lang].fresh);
  await v.page.getByLabel(v.t('association.name'), { exact: true }).fill(name);
  await v.page.getByRole('button', { name: v.t('association.register_button'), exact: true }).click();
  await v.page.getByRole('heading', { level: 1, name }).waitFor();
}

async function invite(v, email, role) {
  await v.page.getByLabel(v.t('field.email'), { exact: true }).fill(email);
  await v.page.getByRole('radio', { name: new RegExp(`^${v.t(`role.${role}`)}`) }).check();
  await v.page.getByRole('button', { name: v.t('invitation.send'), exact: true }).click();
  await v.page.getByRole('status').getByText(email).waitFor();
}

// followMail opens the newest mail to an address in the demo town's mailbox and
// signs in by its button.
async function followMail(v, email) {
  await waitFor(async () => {
    await v.page.goto('/demo/mailbox');
    return v.page.locator('.mail').filter({ hasText: email }).count();
  });
  await v.page.locator('.mail').filter({ hasText: email }).first().getByRole('link').click();
  const address = await v.page.evaluate(() => document.body.innerText.match(/\/sign-in\/[A-Za-z0-9_-]{64}/)?.[0] ?? document.querySelector('a[href*="/sign-in/"]')?.getAttribute('href'));
  assert.ok(address, 'the mail has a link');
  await v.page.goto(address);
  await v.page.getByRole('main').getByRole('button').click();
}

async function waitFor(there) {
  for (let tries = 0; tries < 40; tries++) {
    if (await there()) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  assert.fail('it did not come');
}

// bookFor goes to the checkout and books in the name of a holder.
async function bookFor(v, holder, title, nth) {
  await chooseStart(v, 'kallion-lukupiirihuone', '2026-12-01', nth);
  await keepTime(v);
  await fillForm(v, { title });
  const name = v.page.getByLabel(v.t('checkout.your_name'), { exact: true });
  if (await name.count()) await name.fill('Bella Booker');
  await v.page.getByRole('radio', { name: holder }).check();
  await acceptTerms(v);
}

describe('an association', () => {
  test('its admin invites a booker, who books, is seen and is removed', async () => {
    const admin = await visitor(browser, town, 'fi');
    await signIn(admin.page, 'fi', /Otso Ilta/);
    await register(admin, 'Iltapelaajat');
    await invite(admin, 'bella@example.org', 'booker');
    await admin.page.getByRole('region', { name: admin.t('invitation.waiting') }).getByText('bella@example.org', { exact: true }).waitFor();
    const page = admin.page.url();

    const booker = await visitor(browser, town, 'fi', { width: 390 });
    await followMail(booker, 'bella@example.org');
    await booker.page.getByRole('heading', { level: 1, name: 'Iltapelaajat' }).waitFor();
    await bookFor(booker, /^Iltapelaajat/, 'Peli-ilta', 0);
    const number = await confirm(booker);
    await assertReceipt(booker, number);

    await admin.page.goto(page);
    assert.equal(await admin.page.getByRole('region', { name: admin.t('invitation.waiting') }).count(), 0, 'nobody waits any more');
    const row = admin.page.getByRole('region', { name: admin.t('association.members') }).getByRole('listitem').filter({ hasText: 'Bella Booker' });
    await row.waitFor();
    await admin.page.getByRole('link', { name: admin.t('association.bookings'), exact: true }).click();
    await admin.page.getByText('Peli-ilta').waitFor();
    assert.equal(await admin.page.getByRole('article').count(), 1);

    // the booker is about to book again while the admin removes them
    await bookFor(booker, /^Iltapelaajat/, 'Toinen ilta', 1);
    await admin.page.goto(page);
    await row.locator('summary').click();
    await row.getByRole('button', { name: admin.t('association.remove') }).click();
    await admin.page.getByRole('status').getByText(admin.t('association.removed')).waitFor();
    await booker.page.getByRole('button', { name: booker.t('action.confirm'), exact: true }).click();
    await booker.page.getByText(/Iltapelaajat/).first().waitFor();
    assert.doesNotMatch(booker.page.url(), /varaukset/, 'the next try is refused');
    await booker.page.goto('/fi/omat');
    assert.equal(await booker.page.getByText('Peli-ilta').count(), 0, 'its bookings are not theirs any more');
    assert.equal((await booker.page.goto(`/fi/varaukset/${number}`)).status(), 404);
    assertSound(admin.page);
  });

  test('the last admin stays, and staff confirm what it says of itself', async () => {
    const admin = await visitor(browser, town, 'sv');
    await signIn(admin.page, 'sv', /Leena Kirjasto/);
    await register(admin, 'Läsarna');
    await admin.page.getByText(admin.t('association.unverified'), { exact: true }).waitFor();
    await admin.page.locator('summary').filter({ hasText: admin.t('association.leave') }).click();
    await admin.page.getByRole('button', { name: admin.t('association.leave'), exact: true }).click();
    await admin.page.getByRole('alert').getByText(admin.t.like('association.last_admin')).waitFor();

    const city = await visitor(browser, town, 'sv');
    await signIn(city.page, 'sv', /Helmi Hallinto/);
    await city.page.goto('/work/associations?only=1');
    await city.page.getByRole('button', { name: new RegExp(`^${city.t('work_associations.verify')}.*Läsarna$`) }).click();
    await city.page.getByRole('status').getByText('Läsarna').waitFor();
    await admin.page.goto(pages.sv.associations);
    await admin.page.getByRole('main').getByRole('link', { name: 'Läsarna', exact: true }).click();
    assert.equal(await admin.page.getByText(admin.t('association.unverified'), { exact: true }).count(), 0);
    assertSound(admin.page);
    assertSound(city.page);
  });
});

test('staff are invited to a unit and lose their role at once', async () => {
  const manager = await visitor(browser, town, 'en');
  await signIn(manager.page, 'en', /Kaarlo Koulu/);
  await manager.page.goto('/work/people?lang=en');
  await invite(manager, 'vera@example.org', 'viewer');
  const viewer = await visitor(browser, town, 'en');
  await followMail(viewer, 'vera@example.org');
  await viewer.page.getByRole('heading', { level: 1, name: viewer.t('day.today') }).waitFor();
  await manager.page.goto('/work/people');
  const row = manager.page.getByRole('listitem').filter({ hasText: 'vera@example.org' });
  await row.locator('summary').click();
  await row.getByRole('button').click();
  await manager.page.getByRole('status').getByText(manager.t('people.removed')).waitFor();
  assert.equal((await viewer.page.goto('/work')).status(), 403);
  assertSound(manager.page);
});

test('a room is subscribed to, gets a new address and ends', async () => {
  const v = await visitor(browser, town, 'en');
  await signIn(v.page, 'en', /Otso Ilta/);
  await v.page.goto('/en/rooms/oodi-ryhmahuone');
  await v.page.getByRole('link', { name: v.t('room.subscribe') }).click();
  await v.page.getByRole('button', { name: v.t('subscribe.make'), exact: true }).click();
  const address = () => v.page.getByRole('textbox', { name: v.t('subscribe.address'), exact: true }).inputValue();
  const first = await address();
  assert.equal(await v.page.getByRole('link', { name: v.t('subscribe.webcal') }).getAttribute('href'), first.replace('http:', 'webcal:'));
  assert.ok(await v.page.getByRole('img', { name: v.t('subscribe.qr') }).isVisible());
  await v.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await v.page.getByRole('button', { name: v.t('action.copy') }).click();
  await v.page.getByRole('button', { name: v.t('action.copied') }).waitFor();
  assert.equal(await v.page.evaluate(() => navigator.clipboard.readText()), first);

  const list = await feedEvents(first);
  assert.ok(list.length > 0, 'the demo room has bookings');
  assert.deepEqual([...new Set(list.map((e) => e.SUMMARY))], ['Reserved'], 'it says that it is reserved and no more');

  await v.page.getByRole('button', { name: v.t('subscribe.renew') }).first().click();
  const second = await address();
  assert.notEqual(second, first);
  assert.equal((await fetch(first)).status, 404, 'the old address is dead at once');
  assert.deepEqual((await feedEvents(second)).map((e) => e.UID).sort(), list.map((e) => e.UID).sort());
  await v.page.getByRole('button', { name: v.t('subscribe.end') }).first().click();
  await v.page.getByText(v.t('subscribe.ended')).waitFor();
  assert.equal((await fetch(second)).status, 404);
  assertSound(v.page);
});

test('staff read what happens in a unit', async () => {
  const v = await visitor(browser, town, 'fi');
  await signIn(v.page, 'fi', /Leena Kirjasto/);
  await v.page.goto('/fi/tilaa?unit=oodi');
  await v.page.getByRole('button', { name: v.t('subscribe.make'), exact: true }).click();
  const list = await feedEvents(await v.page.getByRole('textbox', { name: v.t('subscribe.address'), exact: true }).inputValue());
  assert.ok(list.length > 0 && list.every((e) => !e.SUMMARY.startsWith(v.t('feed.reserved'))), 'with their names');
  assertSound(v.page);
});

for (const [lang, scheme, width] of looks) {
  test(`pages of associations and calendars, ${lang}, ${scheme}, ${width} pixels`, async () => {
    const v = await visitor(browser, town, lang, { scheme, width });
    await signIn(v.page, lang, /Otso Ilta/);
    await register(v, `Testaajat ${lang} ${scheme} ${width}`);
    const { pathname } = new URL(v.page.url());
    await invite(v, `${lang}${scheme}${width}@example.org`, 'member');
    const details = { fi: 'tiedot', sv: 'uppgifter', en: 'details' }[lang];
    const { subscribe, mine } = v.at;
    await check(v, [
      pathname, `${pathname}/${details}`, pages[lang].associations, pages[lang].fresh, mine, `${mine}?holder=${pathname.split('/').pop()}`,
      subscribe, `${subscribe}?room=oodi-aura`, `${subscribe}?unit=oodi`, `${subscribe}?association=${pathname.split('/').pop()}`,
    ]);
    await v.page.goto(pages[lang].fresh);
    await v.page.getByRole('button', { name: v.t('association.register_button'), exact: true }).click();
    await v.page.getByRole('alert').waitFor();
    assert.deepEqual(await findings(v, 'a form with a mistake'), []);
    const staff = await visitor(browser, town, lang, { scheme, width });
    await signIn(staff.page, lang, /Helmi Hallinto/);
    await check(staff, ['/work/people', '/work/associations', '/work/associations?q=zzz']);
  });
}

async function check(v, paths) {
  const wrong = [];
  for (const path of paths) {
    const answer = await v.page.goto(path);
    if (answer.status() !== 200) wrong.push(`${path}: status ${answer.status()}`);
    await v.page.evaluate(() => document.querySelectorAll('main details').forEach((fold) => { fold.open = true; }));
    wrong.push(...await findings(v, path));
  }
  assert.deepEqual(wrong, []);
  assertSound(v.page);
}
