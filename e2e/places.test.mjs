// The way of an administrator who brings in a place: from nothing to the first
// booking of a resident; and every page on it in every language and width.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertClean, assertSound, closePages, signIn } from './browser.mjs';
import { browser, town } from './stage.mjs';
import { acceptTerms, assertReceipt, chooseStart, confirm, fillForm, keepTime, visitor } from './steps.mjs';

const press = (v, key) => v.page.getByRole('button', { name: v.t(key) }).first().click();
const names = (fi, sv, en) => ({ fi, sv, en });

// fillNames fills in a text in three languages, in the form that is open.
async function fillNames(form, texts, name = 'name') {
  for (const lang of ['fi', 'sv', 'en']) await form.locator(`[name=${name}_${lang}]`).fill(texts[lang]);
}

// makeUnit enters a unit with a hall of three parts and its hours.
async function makeUnit(v, name) {
  await v.page.goto('/admin/places');
  await v.page.getByRole('link', { name: v.t('admin.new_unit') }).click();
  await assertClean(v, 'a new unit');
  const form = v.page.locator('form.wide-form');
  await fillNames(form, name);
  await v.page.getByLabel(v.t('admin.street')).fill('Mallikatu 3');
  await v.page.getByRole('textbox', { name: v.t('admin.city'), exact: true }).fill('Helsinki');
  await v.page.getByLabel(v.t('admin.coordinates')).fill('60,17397');
  await press(v, 'admin.make_unit');
  await v.page.getByRole('alert').waitFor();
  await assertClean(v, 'a new unit with a mistake');
  assert.equal(await form.locator('[name=name_fi]').inputValue(), name.fi, 'what was typed is kept');
  await v.page.getByLabel(v.t('admin.coordinates')).fill('60,17397 24,93816');
  await press(v, 'admin.make_unit');
  await v.page.getByText(v.t('admin.unit_made')).waitFor();
  await assertClean(v, 'a unit without spaces');

  const spaces = v.page.locator('#spaces');
  await fillNames(spaces.locator('form').last(), names('Liikuntasali', 'Idrottssal', 'Sports hall'));
  await spaces.getByRole('button', { name: v.t('admin.add_space') }).click();
  await v.page.getByText(v.t('admin.done.add-space')).waitFor();
  await spaces.getByRole('link', { name: v.t('action.edit') }).click();
  await assertClean(v, 'an open space');
  await v.page.getByLabel(v.t('admin.parts')).selectOption('3');
  await v.page.getByRole('button', { name: v.t('admin.divide_do'), exact: true }).click();
  await v.page.getByText(v.t('admin.done.divide-space')).waitFor();
  assert.equal(await spaces.locator('tbody th.depth-1').count(), 3, 'the hall has three parts');
  await assertClean(v, 'a divided hall');

  await v.page.getByRole('navigation', { name: v.t('admin.unit_pages') }).getByRole('link', { name: v.t('admin.tab.hours') }).click();
  await v.page.locator('[name=p0_r0_from]').fill('8');
  await v.page.locator('[name=p0_r0_to]').fill('kymmenen');
  await press(v, 'action.save');
  await v.page.getByRole('alert').waitFor();
  await assertClean(v, 'hours with a mistake');
  await v.page.locator('[name=p0_r0_to]').fill('21.30');
  await v.page.locator('[name=p0_r1_from]').fill('10');
  await v.page.locator('[name=p0_r1_to]').fill('18');
  await v.page.getByRole('button', { name: v.t('action.save'), exact: true }).click();
  await v.page.getByText(v.t('admin.saved')).waitFor();
  assert.match(await v.page.locator('table.week tbody tr').first().innerText(), /8[.:]00–21[.:]30/);
  await assertClean(v, 'hours that were saved');
}

test('a new unit with a divisible hall, from nothing to the first public booking', async () => {
  const v = await visitor(browser, town, 'fi');
  await signIn(v.page, 'fi', /Helmi Hallinto/);
  await makeUnit(v, names('Mallitalo', 'Modellhuset', 'Model House'));
  await v.page.getByRole('navigation', { name: v.t('admin.unit_pages') }).getByRole('link', { name: v.t('admin.tab.unit') }).click();
  await v.page.getByRole('link', { name: v.t('admin.step.resource') }).waitFor();
  await v.page.getByRole('link', { name: v.t('admin.step.resource') }).click();
  await makeResource(v, names('Mallisali, lohko A', 'Modellsalen, del A', 'Model hall, part A'));
  assertSound(v.page);

  const r = await visitor(browser, town, 'fi');
  await signIn(r.page, 'fi', /Otso Ilta/);
  await chooseStart(r, 'mallisali-lohko-a', '2026-11-25');
  await keepTime(r);
  await fillForm(r, { title: 'Ensimmäiset harjoitukset' });
  await acceptTerms(r);
  await assertReceipt(r, await confirm(r));
  assertSound(r.page);

  // the first booking now stands in the way of hours that would end before it
  await v.page.goto('/admin/units/mallitalo/hours');
  await v.page.locator('[name=p0_r0_from]').fill('20');
  await v.page.getByRole('button', { name: v.t('action.save'), exact: true }).click();
  await v.page.getByRole('button', { name: v.t('admin.save_anyway') }).waitFor();
  await assertClean(v, 'hours with somebody outside');
});

// makeResource enters what a part of the hall needs, and publishes it.
async function makeResource(v, name) {
  const main = v.page.getByRole('main');
  await fillNames(main, name);
  await v.page.locator('[name=type]').selectOption('gym');
  await v.page.getByRole('checkbox', { name: 'Lohko A' }).check();
  await press(v, 'editor.make_draft');
  await v.page.getByText(v.t('editor.made')).waitFor();
  const home = new URL(v.page.url()).pathname;
  const sections = {
    texts: () => fillNames(main, names('Kolmasosa salista.', 'En tredjedel av salen.', 'A third of the hall.'), 'description'),
    facts: async () => {
      await v.page.locator('[name=access]').selectOption('open');
      await v.page.locator('label.chip:has([name=purposes][value=sports])').click();
    },
    rules: () => v.page.locator('[name=rule_book]').selectOption('list-price'),
    price: () => v.page.locator('[name=price_cents]').fill('0'),
  };
  for (const [section, fill] of Object.entries(sections)) {
    await v.page.goto(`${home}/${section}`);
    await fill();
    await main.getByRole('button', { name: v.t('action.save'), exact: true }).click();
    await v.page.getByText(v.t.like('editor.saved')).first().waitFor();
  }
  await v.page.goto(home);
  await press(v, 'editor.step.publish');
  await v.page.getByText(v.t('editor.done.published')).waitFor();
}

const unitPages = [
  '/admin/places', '/admin/places?q=zzz', '/admin/places?state=draft', '/admin/new-unit', '/admin/units/esimerkkikoulu', '/admin/units/esimerkkikoulu/spaces',
  '/admin/units/esimerkkikoulu/hours', '/admin/units/esimerkkikoulu/history', '/admin/resources/esimerkkikoulun-liikuntasali/hours',
];

describe('pages of places', () => {
  for (const [lang, scheme, width] of [['fi', 'dark', 1280], ['sv', 'light', 390], ['en', 'dark', 320]]) {
    test(`${lang}, ${scheme}, ${width} pixels`, async () => {
      const v = await visitor(browser, town, lang, { scheme, width });
      await signIn(v.page, lang, /Helmi Hallinto/);
      for (const path of unitPages) {
        const answer = await v.page.goto(path);
        assert.equal(answer.status(), 200, path);
        await assertClean(v, path);
      }
      await v.page.goto('/admin/units/esimerkkikoulu/spaces');
      await v.page.locator('#spaces').getByRole('link', { name: v.t('action.edit') }).first().click();
      await assertClean(v, 'an open space');
      await v.page.getByRole('button', { name: v.t('action.remove') }).click();
      await v.page.getByRole('alert').waitFor();
      await assertClean(v, 'a space in use');
      assertSound(v.page);
      await closePages();
    });
  }

  test('without JavaScript', async () => {
    const v = await visitor(browser, town, 'en', { javaScript: false });
    await signIn(v.page, 'en', /Helmi Hallinto/);
    await v.page.goto('/admin/units/kallion-kirjasto/hours');
    const lines = await v.page.locator('fieldset.hours-row').count();
    await press(v, 'admin.more_rows');
    assert.ok(await v.page.locator('fieldset.hours-row').count() > lines, 'there are more lines');
    await v.page.goto('/admin/units/kallion-kirjasto/spaces');
    await v.page.locator('#devices summary').click();
    await fillNames(v.page.locator('#devices form').last(), names('Piano', 'Piano', 'Piano'));
    await v.page.locator('#devices').getByRole('button', { name: v.t('admin.add_device') }).click();
    await v.page.getByText(v.t('admin.done.add-device')).waitFor();
    await closePages();
  });
});
