// The same way with a keyboard alone, and without JavaScript.
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { assertSound, closePages, signIn } from './browser.mjs';
import { browser, town } from './stage.mjs';
import { acceptTerms, assertReceipt, cancel, confirm, findTonight, keepTime, visitor } from './steps.mjs';

afterEach(closePages);
describe('with a keyboard alone', () => {
  for (const width of [1280, 390]) {
    test(`from the home page to a receipt and back, ${width} pixels wide`, async () => {
      const v = await visitor(browser, town, 'fi', { width });
      await v.page.goto('/fi/kirjaudu');
      await press(v, 'button', /Otso Ilta/);
      await v.page.waitForURL('**/fi');
      await press(v, 'button', v.t('home.tonight'));
      await v.page.waitForURL('**/fi/tilat?**');
      await press(v, 'a', 'Kokoushuone 1');
      await v.page.waitForURL('**/fi/tilat/iso-omena-kokoushuone-1**');
      await tabTo(v, 'input[name=start]');
      const first = await focusedValue(v);
      await v.page.keyboard.press('ArrowRight');
      await assertFocusSeen(v);
      assert.notEqual(await focusedValue(v), first, 'an arrow chooses the next start');
      await tabTo(v, 'input[name=minutes]');
      await v.page.keyboard.press('ArrowRight');
      await assertFocusSeen(v);
      const minutes = await focusedValue(v);
      await press(v, '[data-book]');
      await v.page.getByRole('heading', { level: 1, name: v.t('checkout.title') }).waitFor();
      await tabTo(v, 'input[name=title]');
      await v.page.keyboard.type('Näppäimistöllä');
      await tabTo(v, 'input[name=terms]');
      await v.page.keyboard.press('Space');
      await press(v, 'button', v.t('action.confirm'));
      await v.page.waitForURL('**/fi/varaukset/**');
      await assertReceipt(v, v.page.url().split('/').pop());
      assert.ok(await v.page.getByText('Näppäimistöllä').first().isVisible());
      assert.ok(Number(minutes) > 0);
      await press(v, 'a', v.t('action.cancel_booking'));
      await v.page.getByRole('heading', { level: 1, name: v.t('cancel.title') }).waitFor();
      await press(v, 'button', v.t('action.cancel_booking'));
      await v.page.getByRole('heading', { level: 1, name: v.t('reservation.title.cancelled') }).waitFor();
      assertSound(v.page);
    });
  }

  test('the first stop skips to the content, and Escape closes a menu', async () => {
    const v = await visitor(browser, town, 'en');
    await v.page.goto('/en');
    await v.page.keyboard.press('Tab');
    await assertFocusSeen(v);
    await v.page.keyboard.press('Enter');
    assert.equal(await v.page.evaluate(() => document.activeElement.id), 'main');
    await v.page.goto('/en');
    await tabTo(v, 'summary', v.t('theme.title'));
    await v.page.keyboard.press('Enter');
    await tabTo(v, 'button', v.t('theme.dark'));
    await v.page.keyboard.press('Escape');
    assert.equal(await v.page.locator('details[data-menu][open]').count(), 0);
    assert.ok(await v.page.evaluate(() => document.activeElement.matches('summary')), 'focus returns to the menu');
  });

  test('arrows move in the timeline', async () => {
    const v = await visitor(browser, town, 'sv');
    await v.page.goto('/sv/lokaler?tonight=1&view=timeline');
    await tabTo(v, '.timeline [data-item]');
    const item = () => v.page.evaluate(() => document.activeElement.getAttribute('href'));
    const first = await item();
    await v.page.keyboard.press('ArrowDown');
    await assertFocusSeen(v);
    const second = await item();
    assert.notEqual(second, first);
    await v.page.keyboard.press('ArrowUp');
    assert.equal(await item(), first);
    await v.page.keyboard.press('Enter');
    await v.page.waitForURL('**/sv/lokaler/*?*');
    assertSound(v.page);
  });
});

// tabTo goes on with Tab until the focused element fits; every stop on the way
// must be visible.
async function tabTo(v, selector, name = '') {
  for (let stops = 0; stops < 150; stops++) {
    await v.page.keyboard.press('Tab');
    await assertFocusSeen(v);
    const found = await v.page.evaluate(([css, text, source]) => {
      const el = document.activeElement;
      const said = el.textContent.replace(/\s+/g, ' ').trim();
      return el.matches(css) && (source ? new RegExp(source).test(said) : !text || said === text);
    }, [selector, typeof name === 'string' ? name : '', name instanceof RegExp ? name.source : '']);
    if (found) return;
  }
  throw new Error(`no ${selector} ${name} in 150 stops on ${v.page.url()}`);
}

async function press(v, selector, name) {
  await tabTo(v, selector, name);
  await v.page.keyboard.press('Enter');
}

const focusedValue = (v) => v.page.evaluate(() => document.activeElement.value);

// assertFocusSeen wants the focused element, or the label or card that stands for
// it, inside the window with an outline at least two pixels thick, and not covered.
async function assertFocusSeen(v) {
  const seen = await v.page.evaluate(() => {
    const el = document.activeElement;
    if (!el || el === document.body) return { ok: true }; // beyond the last stop, in the browser's own bars
    const shapes = [el, el.nextElementSibling, el.parentElement, el.closest('article, .request')].filter(Boolean);
    const ring = shapes.find((s) => {
      return ['', '::before', '::after'].some((part) => {
        const css = getComputedStyle(s, part);
        return (part === '' || css.content !== 'none') && css.outlineStyle !== 'none' && parseFloat(css.outlineWidth) >= 2;
      });
    });
    const at = (ring ?? el).getBoundingClientRect();
    const inside = at.bottom > 0 && at.top < innerHeight && at.right > 0 && at.left < innerWidth;
    const xs = [at.left + 2, at.left + at.width / 2, at.right - 2];
    const ys = [at.top + 2, at.top + at.height / 2, at.bottom - 2];
    const onTop = xs.some((x) => ys.some((y) => {
      const hit = document.elementFromPoint(x, y);
      return hit && shapes.some((s) => s.contains(hit) || hit.contains(s));
    }));
    return { ok: Boolean(ring) && inside && onTop, ring: Boolean(ring), inside, onTop, html: el.outerHTML.slice(0, 200) };
  });
  assert.ok(seen.ok, `focus is not seen on ${v.page.url()}: ${JSON.stringify(seen)}`);
}

describe('without JavaScript', () => {
  test('sv: find, book, receipt, cancel', async () => {
    const v = await visitor(browser, town, 'sv', { javaScript: false });
    await findTonight(v, 'Estraden');
    await v.page.locator('label.chip:has(input[name=start])').last().click();
    await v.page.getByRole('button', { name: v.t('picker.update') }).click();
    await v.page.locator('label.chip:has(input[name=minutes]:checked)').waitFor();
    await keepTime(v);
    await v.page.getByLabel(v.t('field.title')).fill('Utan skript');
    await v.page.getByLabel(v.t('field.persons')).fill('7');
    await v.page.getByRole('button', { name: /Otso Ilta/ }).click();
    assert.equal(await v.page.getByLabel(v.t('field.title')).inputValue(), 'Utan skript');
    await acceptTerms(v);
    await assertReceipt(v, await confirm(v));
    await cancel(v);
    assertSound(v.page);
  });

  test('fi: the week, the month and the table are pages', async () => {
    const v = await visitor(browser, town, 'fi', { javaScript: false });
    await v.page.goto('/fi/tilat/oodi-aura');
    await v.page.getByRole('link', { name: v.t('picker.nextweek') }).click();
    await v.page.waitForURL('**/fi/tilat/oodi-aura?date=2026-11-30**');
    await v.page.getByRole('link', { name: v.t('picker.month') }).click();
    await v.page.getByRole('link', { name: v.t('month.next') }).click();
    await v.page.getByRole('link', { name: /^ke 2\.12\./ }).click();
    await v.page.waitForURL('**date=2026-12-02**');
    await v.page.goto('/fi/tilat?tonight=1&view=timeline');
    await v.page.getByRole('link', { name: v.t('timeline.table') }).click();
    await v.page.getByRole('table').waitFor();
    assertSound(v.page);
  });

  test('en: a manager approves', async () => {
    const v = await visitor(browser, town, 'en', { javaScript: false });
    await signIn(v.page, 'en', /Helmi Hallinto/);
    await v.page.goto('/work/requests');
    const waiting = v.page.getByRole('main').getByRole('checkbox');
    const before = await waiting.count();
    assert.ok(before > 0, 'the town has requests');
    await v.page.getByRole('listitem').filter({ has: v.page.getByRole('checkbox') }).getByRole('link').first().click();
    await v.page.getByRole('button', { name: v.t('action.approve'), exact: true }).click();
    await v.page.getByText(v.t.like('work.done.approve')).first().waitFor();
    assertSound(v.page);
  });
});
