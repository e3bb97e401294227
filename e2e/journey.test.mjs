// The way of a resident from the home page to a receipt and of a request to its
// decision, in three languages.
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { assertSound, closePages, signIn } from './browser.mjs';
import { browser, town } from './stage.mjs';
import {
  acceptTerms, act, assertReceipt, cancel, chooseStart, confirm, downloadEvent, feedEvents, fillForm, findTonight, keepTime, makeFeed, visitor,
} from './steps.mjs';

afterEach(closePages);
const groupRoom = { fi: 'Kokoushuone 1', sv: 'Estraden', en: 'Meeting room 1' };

describe('find a room tonight, book it, cancel it', () => {
  test('fi: signing in at the checkout with one click', async () => {
    const v = await visitor(browser, town, 'fi');
    await findTonight(v, groupRoom.fi);
    await keepTime(v);
    await v.page.getByLabel(v.t('field.title')).fill('Käsityöilta "Å & Ä"');
    await v.page.getByRole('button', { name: /Otso Ilta/ }).click();
    await v.page.getByRole('button', { name: v.t('action.confirm'), exact: true }).waitFor();
    assert.equal(await v.page.getByLabel(v.t('field.title')).inputValue(), 'Käsityöilta "Å & Ä"', 'what was typed survives the sign-in');
    await acceptTerms(v);
    await endWell(v, await confirm(v), 'Käsityöilta "Å & Ä"');
  });

  test('sv: signing in by a link that opens in another browser', async () => {
    const v = await visitor(browser, town, 'sv');
    await findTonight(v, groupRoom.sv);
    await keepTime(v);
    await fillForm(v, { title: 'Läsecirkel på svenska', persons: '7' });
    await acceptTerms(v);
    await v.page.getByLabel(v.t('field.email')).fill('elsa@example.org');
    await v.page.getByRole('button', { name: v.t('checkout.by_email') }).click();
    await v.page.getByText(v.t('sign_in.sent'), { exact: true }).waitFor();

    const other = await visitor(browser, town, 'sv');
    await openNewestMail(other, v.t('mail.sign_in.subject'), 'elsa@example.org');
    await other.page.getByRole('main').getByRole('link', { name: /\/sign-in\// }).click();
    await other.page.getByRole('button', { name: v.t('mail.sign_in.open') }).click();
    await other.page.getByRole('heading', { level: 1, name: v.t('checkout.title') }).waitFor();
    assert.equal(await other.page.getByLabel(v.t('field.title')).inputValue(), 'Läsecirkel på svenska');
    assert.equal(await other.page.getByLabel(v.t('field.persons')).inputValue(), '7');
    assert.ok(await other.page.getByText(v.t('hold.kept')).isVisible(), 'the time is still kept');
    assert.ok(await other.page.getByRole('checkbox', { name: v.t('checkout.accept') }).isChecked());
    await other.page.getByLabel(v.t('checkout.your_name')).fill('Elsa Exempel');
    await endWell(other, await confirm(other), 'Läsecirkel på svenska');
    assertSound(v.page);
  });

  test('en: signed in, with at most five interactions', async () => {
    const v = await visitor(browser, town, 'en');
    await signIn(v.page, 'en', /Otso Ilta/);
    await findTonight(v, groupRoom.en);
    await keepTime(v);
    await acceptTerms(v);
    const number = await confirm(v);
    assert.ok(v.steps <= 5, `${v.steps} interactions from the home page to a confirmed booking`);
    await endWell(v, number, groupRoom.en);
  });
});

// endWell checks receipt, calendar file and list, cancels, and finds the time
// free again.
async function endWell(v, number, title) {
  await assertReceipt(v, number);
  const [event] = await downloadEvent(v);
  assert.equal(event.STATUS, 'CONFIRMED');
  assert.match(event.DTSTART, /^20261123T(1[789]|20)[03]000$/);
  assert.ok(Object.values(event).some((value) => value.includes(number)), 'the event names the reservation');
  await v.page.goto(v.at.mine);
  await v.page.getByRole('article').filter({ hasText: number }).getByRole('link').first().click();
  await v.page.getByRole('heading', { level: 1 }).waitFor();
  assert.ok(await v.page.getByText(title).first().isVisible(), `the reservation shows ${title}`);
  await cancel(v);
  assertSound(v.page);
}

async function openNewestMail(v, subject, to) {
  for (let tries = 0; tries < 20; tries++) {
    await v.page.goto('/demo/mailbox');
    const mail = v.page.getByRole('listitem').filter({ hasText: to }).getByRole('link', { name: subject });
    if (await mail.count()) return mail.first().click();
    await v.page.waitForTimeout(500);
  }
  throw new Error(`no mail “${subject}” to ${to} after ten seconds`);
}

describe('a request, its decision, the calendar', () => {
  // Kuutio's price is not known, so the library decides.
  const days = { fi: '2026-12-01', sv: '2026-12-03', en: '2026-12-04' };
  const staff = { fi: /Leena Kirjasto/, sv: /Leena Kirjasto/, en: /Helmi Hallinto/ };
  for (const lang of ['fi', 'sv', 'en']) {
    test(lang, async () => {
      const v = await visitor(browser, town, lang);
      await signIn(v.page, lang, /Otso Ilta/);
      const feed = await makeFeed(v);
      await chooseStart(v, 'oodi-kuutio', days[lang]);
      await keepTime(v);
      const title = `Projektivisning ${lang}`;
      await fillForm(v, { title, persons: '12' });
      await acceptTerms(v);
      const number = await confirm(v, 'action.request');
      await assertReceipt(v, number, 'requested');
      const waiting = (await feedEvents(feed)).filter((e) => e.SUMMARY?.includes(title));
      assert.ok(waiting.every((e) => e.STATUS === 'TENTATIVE'), 'a request is not confirmed in the feed');

      const m = await visitor(browser, town, lang);
      await signIn(m.page, lang, staff[lang]);
      await m.page.goto('/work/requests');
      await m.page.getByRole('listitem').filter({ hasText: title }).getByRole('link').first().click();
      await m.page.getByRole('region').getByText(number).first().waitFor();
      await m.page.getByRole('button', { name: m.t('action.approve'), exact: true }).click();
      await m.page.getByText(m.t.like('work.done.approve')).first().waitFor();

      const [event] = (await feedEvents(feed)).filter((e) => e.STATUS === 'CONFIRMED' && Object.values(e).some((value) => value.includes(number)));
      assert.ok(event, 'the approved request is in the feed');
      assert.ok(event.SUMMARY.includes(title));
      assert.ok(event.DTSTART.startsWith(days[lang].replaceAll('-', '')), event.DTSTART);
      await v.page.reload();
      await assertReceipt(v, number);
      assertSound(v.page);
      assertSound(m.page);
    });
  }
});

describe('nothing is lost, nothing is doubled', () => {
  test('bad input keeps what was typed', async () => {
    const v = await visitor(browser, town, 'en');
    await signIn(v.page, 'en', /Otso Ilta/);
    await chooseStart(v, 'kallion-lukupiirihuone', '2026-11-26');
    await keepTime(v);
    await v.page.getByLabel(v.t('field.title')).fill('Reading “Sinuhe”');
    await v.page.getByLabel(v.t('field.persons')).fill('a few');
    await acceptTerms(v);
    await v.page.getByRole('button', { name: v.t('action.confirm'), exact: true }).click();
    await v.page.getByRole('alert').waitFor();
    assert.equal(await v.page.getByLabel(v.t('field.title')).inputValue(), 'Reading “Sinuhe”');
    const persons = v.page.getByLabel(v.t('field.persons'));
    assert.equal(await persons.inputValue(), 'a few');
    assert.equal(await persons.getAttribute('aria-invalid'), 'true');
    await persons.fill('8');
    await assertReceipt(v, await confirm(v));
    assertSound(v.page);
  });

  test('two presses of the button make one reservation', async () => {
    const v = await visitor(browser, town, 'fi');
    await signIn(v.page, 'fi', /Aino Asukas/);
    await chooseStart(v, 'kallion-lukupiirihuone', '2026-11-27');
    await keepTime(v);
    await acceptTerms(v);
    await v.page.getByRole('button', { name: v.t('action.confirm'), exact: true }).dblclick();
    await v.page.waitForURL(`**${v.at.reservations}/**`);
    const number = v.page.url().split('/').pop();
    await v.page.goto(v.at.mine);
    assert.equal(await v.page.getByRole('article').filter({ hasText: 'Lukupiirihuone' }).count(), 1, 'one reservation');
    assert.equal(await v.page.getByText(number).count(), 1);
    assertSound(v.page);
  });

  test('the same form sent twice, without the script that guards it, leads to the same receipt', async () => {
    const v = await visitor(browser, town, 'fi', { javaScript: false });
    await signIn(v.page, 'fi', /Otso Ilta/);
    await chooseStart(v, 'kallion-lukupiirihuone', '2026-11-26', 3);
    await v.page.getByRole('button', { name: v.t('picker.update') }).click();
    await v.page.locator('input[name=minutes]:checked').waitFor({ state: 'attached' });
    await keepTime(v);
    await acceptTerms(v);
    const form = Object.fromEntries(await Promise.all((await v.page.locator('#checkout input[type=hidden]').all())
      .map(async (field) => [await field.getAttribute('name'), await field.getAttribute('value')])));
    form.terms = '1';
    const send = () => v.page.context().request.post(v.at.checkout, { form, headers: { origin: town.base }, maxRedirects: 0 });
    const answers = await Promise.all([send(), send()]);
    assert.deepEqual(answers.map((a) => a.status()), [303, 303]);
    assert.equal(answers[0].headers().location, answers[1].headers().location);
  });

  test('a page that is out of date is refused with 409 and says how things are', async () => {
    const v = await visitor(browser, town, 'en');
    await signIn(v.page, 'en', /Otso Ilta/);
    await chooseStart(v, 'kallion-lukupiirihuone', '2026-11-30');
    await keepTime(v);
    await acceptTerms(v);
    const number = await confirm(v);
    const old = await v.page.context().newPage();
    await old.goto(`${v.at.reservations}/${number}/cancel`);
    await v.page.bringToFront(); // a tab in the background draws no frames to wait for
    await v.page.goto(`${v.at.reservations}/${number}/move`);
    await act(v, v.page.locator('label.chip:has(input[name=start])').last().click());
    await act(v, v.page.locator('[data-book]').click());
    await v.page.getByText(v.t('move.done')).waitFor();
    await old.bringToFront();
    const [answer] = await Promise.all([
      old.waitForResponse((r) => r.request().method() === 'POST'),
      old.getByRole('button', { name: v.t('action.cancel_booking'), exact: true }).click(),
    ]);
    assert.equal(answer.status(), 409);
    await old.getByText(v.t('stale')).first().waitFor();
    await old.getByText(v.t('reservation.now')).waitFor();
    await v.page.goto(`${v.at.reservations}/${number}`);
    await assertReceipt(v, number);
    assertSound(v.page);
  });

  test('a time lost at the checkout comes with ways out, and the form is kept', async () => {
    const v = await visitor(browser, town, 'sv');
    await signIn(v.page, 'sv', /Otso Ilta/);
    await chooseStart(v, 'kallion-lukupiirihuone', '2026-12-01');
    await keepTime(v);
    await fillForm(v, { title: 'Bokprat', persons: '5' });
    await acceptTerms(v);
    const lost = v.page.url();
    // in another tab the same visitor gives the time up, and somebody takes it
    const tab = await v.page.context().newPage();
    await tab.goto(lost);
    await tab.getByRole('button', { name: v.t('hold.release') }).click();
    await tab.getByText(v.t('hold.released')).waitFor();
    await tab.close();
    const rival = await visitor(browser, town, 'sv');
    await signIn(rival.page, 'sv', /Aino Asukas/);
    await chooseStart(rival, 'kallion-lukupiirihuone', '2026-12-01');
    await keepTime(rival);
    await acceptTerms(rival);
    await confirm(rival);

    const [answer] = await Promise.all([
      v.page.waitForResponse((r) => r.request().method() === 'POST'),
      v.page.getByRole('button', { name: v.t('action.confirm'), exact: true }).click(),
    ]);
    assert.equal(answer.status(), 409);
    await v.page.getByText(v.t('booking.overlap')).first().waitFor();
    assert.equal(await v.page.getByLabel(v.t('field.title')).inputValue(), 'Bokprat');
    assert.equal(await v.page.getByLabel(v.t('field.persons')).inputValue(), '5');
    const ways = v.page.locator('.alert', { hasText: v.t('checkout.instead') }).getByRole('link');
    assert.ok(await ways.count() >= 1, 'there are alternatives');
    await ways.first().click();
    await keepTime(v);
    assert.equal(await v.page.getByLabel(v.t('field.title')).inputValue(), 'Bokprat', 'the form goes along to the alternative');
    await acceptTerms(v);
    await assertReceipt(v, await confirm(v));
    assertSound(v.page);
  });
});
