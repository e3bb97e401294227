// A caretaker's desk: rooms are closed for a week after a look at what that
// hits, an association is booked for in spite of a rule, the week is printed.
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { assertClean, assertSound, closePages, pairs, signIn } from './browser.mjs';
import { browser, town } from './stage.mjs';
import { acceptTerms, chooseStart, confirm, fillForm, keepTime, visitor } from './steps.mjs';

afterEach(closePages);
const why = 'Lattia lakataan, tila on poissa käytöstä.';

async function assertSoundAndClean(v, name) {
  await assertClean(v, name);
  assertSound(v.page);
}

describe('a caretaker', () => {
  for (const javaScript of [true, false]) {
    test(`closes two rooms for a week and tells why, ${javaScript ? 'with' : 'without'} JavaScript`, async () => {
      const monday = javaScript ? '30.11.2026' : '7.12.2026';
      const sunday = javaScript ? '6.12.2026' : '13.12.2026';
      const resident = await visitor(browser, town, 'fi');
      await signIn(resident.page, 'fi', /Otso Ilta/);
      await chooseStart(resident, 'oodi-ryhmahuone', javaScript ? '2026-12-02' : '2026-12-07');
      await keepTime(resident);
      await fillForm(resident);
      await acceptTerms(resident);
      const number = await confirm(resident);

      const v = await visitor(browser, town, 'fi', { javaScript });
      await signIn(v.page, 'fi', /Leena Kirjasto/);
      await v.page.goto('/work/close?unit=oodi');
      await v.page.getByRole('checkbox', { name: 'Aura' }).check();
      await v.page.getByRole('checkbox', { name: 'Ryhmähuone (esimerkki)' }).check();
      await v.page.getByLabel(v.t('work.close_first')).fill(monday);
      await v.page.getByLabel(v.t('work.last_day')).fill(sunday);
      await v.page.getByLabel(v.t('work.new_name')).fill('Lattian lakkaus');
      await v.page.getByRole('button', { name: v.t('work.close_look') }).click();
      const hits = v.page.getByRole('region', { name: /tiellä/ });
      await hits.getByRole('link', { name: new RegExp(number) }).waitFor();
      assert.match(await hits.getByRole('row').filter({ hasText: number }).innerText(), /Otso Ilta/);
      if (javaScript) await assertSoundAndClean(v, 'what is hit');

      await v.page.getByRole('radio', { name: v.t('work.on_hit.deny') }).check();
      await v.page.getByRole('button', { name: v.t('work.close_now'), exact: true }).click();
      await v.page.getByRole('alert').waitFor(); // no reason was given
      if (javaScript) await assertSoundAndClean(v, 'a closing without a reason');
      await v.page.getByLabel(v.t('work.deny_reason')).fill(why);
      await v.page.getByRole('button', { name: v.t('work.close_now'), exact: true }).click();
      await v.page.waitForURL('**/work/schedule?**');
      assert.match(await v.page.locator('#flash').innerText(), /Sulkuja tehtiin 2/);
      assert.equal(await v.page.locator('li.item.k-closure').count(), 2);
      assertSound(v.page);

      await resident.page.goto(`/fi/varaukset/${number}`);
      await resident.page.getByRole('heading', { level: 1, name: resident.t('reservation.title.denied') }).waitFor();
      assert.ok(await resident.page.getByText(why).first().isVisible(), 'the resident reads why');
      assertSound(resident.page);
    });
  }

  test('books for an association in spite of a rule', async () => {
    const v = await visitor(browser, town, 'fi');
    await signIn(v.page, 'fi', /Leena Kirjasto/);
    await v.page.goto('/work/schedule?unit=oodi&date=2026-12-15');
    await v.page.keyboard.press('c');
    await v.page.waitForURL('**/work/new?**');
    await v.page.getByRole('link', { name: v.t('work.do.behalf'), exact: true }).click();
    await v.page.getByLabel(v.t('work.who')).fill('esimerkkikuoro');
    await v.page.getByRole('button', { name: v.t('work.find'), exact: true }).click();
    assert.ok(await v.page.getByRole('radio', { name: /Esimerkkikuoro ry/ }).isChecked(), 'the only one that was found is chosen');
    await v.page.getByLabel(v.t('report.column.resource'), { exact: true }).selectOption({ label: 'Aura' });
    await v.page.getByLabel(v.t('work.start'), { exact: true }).selectOption('22:00');
    await v.page.getByLabel(v.t('work.end'), { exact: true }).selectOption('23:00');
    await v.page.getByLabel(v.t('work.new_name')).fill('Kenraaliharjoitus');
    await v.page.getByRole('button', { name: v.t('work.check_rules'), exact: true }).click();
    await v.page.getByText(v.t('rule.hours')).waitFor();
    await assertSoundAndClean(v, 'the rules of a booking for somebody');
    await v.page.getByLabel(v.t('work.override_reason')).fill('Vahtimestari on paikalla.');
    await v.page.getByRole('button', { name: v.t('action.save'), exact: true }).click();
    await v.page.waitForURL('**/work/schedule?**');
    await v.page.getByRole('link', { name: /Kenraaliharjoitus, Esimerkkikuoro ry/ }).waitFor();
    assertSound(v.page);
  });

  test('goes through days and weeks by keys, and prints the week', async () => {
    const v = await visitor(browser, town, 'fi');
    await signIn(v.page, 'fi', /Leena Kirjasto/);
    await v.page.goto('/work/schedule?unit=oodi&date=2026-11-25');
    const heading = (name) => v.page.getByRole('heading', { level: 1, name }).waitFor();
    await v.page.keyboard.press('ArrowRight');
    await heading('Torstai 26.11.2026');
    await v.page.keyboard.press('w');
    await heading(/^Viikko 48/);
    await v.page.keyboard.press('ArrowLeft');
    await heading(/^Viikko 47/);
    await v.page.keyboard.press('t');
    await heading(/^Viikko 48/);
    await v.page.locator('.timeline-region').focus();
    await v.page.keyboard.press('ArrowRight'); // scrolls the timeline, and leads nowhere
    await v.page.keyboard.press('d');
    await heading('Maanantai 23.11.2026');
    await v.page.getByRole('link', { name: v.t('week.print') }).click();
    await v.page.waitForURL('**/work/week?**');
    assert.equal(await v.page.getByText('Lautapelikerho').count(), 0, 'no names unless asked for');
    await v.page.getByLabel(v.t('week.names')).check();
    await v.page.getByLabel(v.t('week.by')).selectOption('room');
    await v.page.getByRole('main').getByRole('button', { name: v.t('action.show'), exact: true }).click();
    await v.page.getByText('Lautapelikerho').first().waitFor();
    const sheets = await v.page.locator('.sheet').count();
    const pdf = await v.page.pdf({ preferCSSPageSize: true });
    const text = pdf.toString('latin1');
    assert.equal(Number(/\/Count (\d+)/.exec(text)[1]), sheets, 'a page for each room');
    assert.match(text, /\/MediaBox \[0 0 84\d(\.\d+)? 59\d(\.\d+)?\]/, 'A4 in landscape');
    assertSound(v.page);
  });
});

for (const [lang, scheme, width] of pairs) {
  test(`the desk's pages in ${lang}, ${scheme}, ${width} pixels`, async () => {
    const v = await visitor(browser, town, lang, { scheme, width });
    await signIn(v.page, lang, /Leena Kirjasto/);
    for (const path of [
      '/work/close?unit=oodi&date=2026-11-24', '/work/new?unit=oodi&kind=behalf', '/work/new?unit=oodi&room=oodi-aura&start=12:00&end=14:00',
      '/work/schedule?unit=oodi&span=week', '/work/schedule?unit=oodi&span=week&view=table', '/work/schedule?unit=oodi&show=requests',
      '/work/schedule?unit=oodi&month=2026-11', '/work/week?unit=oodi&names=1', '/work/week?unit=oodi&by=room',
    ]) {
      assert.equal((await v.page.goto(path)).status(), 200, path);
      await assertSoundAndClean(v, path);
    }
  });
}
