// A manager makes a room from nothing, sees what it lacks, gives it a picture,
// previews and publishes it, and a resident books it. The pages of the editor
// in every language and width.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSound, findings, pairs, signIn } from './browser.mjs';
import { browser, town } from './stage.mjs';
import { acceptTerms, assertReceipt, chooseStart, confirm, fillForm, keepTime, visitor } from './steps.mjs';

// photo is a real JPEG, made by the browser.
async function photo(page) {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(2000, 1200);
    const pen = canvas.getContext('2d');
    for (let x = 0; x < 2000; x += 20) {
      pen.fillStyle = `hsl(${x / 8} 60% 60%)`;
      pen.fillRect(x, 0, 20, 1200);
    }
    const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  return { name: 'huone.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(bytes) };
}

test('a room from nothing to its first booking', async () => {
  const m = await visitor(browser, town, 'fi');
  const { page, t } = m;
  await signIn(page, 'fi', /Helmi Hallinto/);
  await page.goto('/admin/resources/new?unit=oodi');
  await page.getByLabel(t('editor.in.fi')).fill('Hiljainen työhuone');
  await page.getByRole('checkbox', { name: 'Ryhmähuone' }).check();
  await page.getByRole('button', { name: t('editor.make_draft') }).click();
  await page.waitForURL('**/admin/resources/hiljainen-tyohuone');
  await page.getByText(t('editor.missing_title')).waitFor();
  assert.equal(await page.locator('.ed-todo li').count(), 6, 'type, way in, three descriptions and price are missing');

  await page.locator('.ed-todo a[href*="description_fi"]').click();
  for (const [name, texts] of Object.entries({ name: ['Hiljainen työhuone', 'Tyst arbetsrum', 'Quiet room'], description: ['Yksi pöytä.', 'Ett bord.', 'One table.'] })) {
    for (const [i, lang] of ['fi', 'sv', 'en'].entries()) await page.locator(`#${name}_${lang}`).fill(texts[i]);
  }
  await page.getByRole('button', { name: t.like('editor.save_next') }).click();
  await page.waitForURL('**/facts');
  await page.locator('#type').selectOption('group_room');
  await page.locator('label.chip:has(input[value=study])').click();
  await page.locator('#access').selectOption('open');
  await page.locator('#persons_max').fill('6');
  await page.getByRole('button', { name: t('action.save'), exact: true }).click();
  await page.waitForURL('**/admin/resources/hiljainen-tyohuone');
  await page.locator('.ed-todo a[href*="/price"]').click();
  await page.locator('#price_cents').fill('0');
  await page.getByRole('button', { name: t('action.save'), exact: true }).click();
  await page.waitForURL('**/admin/resources/hiljainen-tyohuone');
  assert.equal(await page.locator('.ed-todo').count(), 0, 'nothing is missing any more');

  await page.goto('/admin/resources/hiljainen-tyohuone/pictures');
  await page.locator('#picture').setInputFiles({ name: 'huone.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<svg onload="alert(1)">') });
  await page.locator('#alt_fi').fill('Raidallinen seinä');
  await page.getByRole('button', { name: t('editor.picture_send') }).click();
  await page.locator('#picture-error').getByText('SVG').waitFor();
  assert.equal(await page.locator('#alt_fi').inputValue(), 'Raidallinen seinä', 'what was typed is kept');
  await page.locator('#picture').setInputFiles(await photo(page));
  await page.locator('#alt_sv').fill('En randig vägg');
  await page.locator('#alt_en').fill('A striped wall');
  await page.getByRole('button', { name: t('editor.picture_send') }).click();
  await page.getByText(t('editor.picture_added')).waitFor();

  await page.goto('/admin/resources/hiljainen-tyohuone');
  await page.getByRole('link', { name: t('editor.preview') }).first().click();
  await page.getByText(t('editor.preview_title'), { exact: true }).waitFor();
  assert.ok(await page.getByRole('img', { name: 'Raidallinen seinä' }).evaluate((img) => img.complete && img.naturalWidth > 0), 'the picture is there');
  assert.ok(await page.locator('label.chip:has(input[name=start])').count(), 'the preview has times');
  await page.getByRole('link', { name: t('editor.preview_back') }).click();
  await page.getByRole('button', { name: t('editor.step.publish'), exact: true }).click();
  await page.getByText(t('editor.done.published')).waitFor();
  assertSound(page);

  const r = await visitor(browser, town, 'fi');
  await signIn(r.page, 'fi', /Otso Ilta/);
  await chooseStart(r, 'hiljainen-tyohuone', '2026-11-25');
  await keepTime(r);
  await fillForm(r, { title: 'Lukupiiri' });
  await acceptTerms(r);
  await assertReceipt(r, await confirm(r));
  assertSound(r.page);
});

test('the editor works without scripts', async () => {
  const m = await visitor(browser, town, 'fi', { javaScript: false, width: 390 });
  await signIn(m.page, 'fi', /Helmi Hallinto/);
  await m.page.goto('/admin/resources/oodi-aura/price');
  await m.page.locator('#price_cents').fill('kaksi');
  await m.page.getByRole('button', { name: m.t('action.save'), exact: true }).click();
  await m.page.locator('#price_cents-error').waitFor();
  assert.equal(await m.page.locator('#price_cents').inputValue(), 'kaksi');
  await m.page.locator('#price_cents').fill('12,50');
  await m.page.getByRole('button', { name: m.t('action.save'), exact: true }).click();
  await m.page.waitForURL('**/admin/resources/oodi-aura');
  await m.page.goto('/fi/tilat/oodi-aura');
  await m.page.getByText('12,50').first().waitFor();
});

for (const [lang, scheme, width] of pairs) {
  test(`pages of the editor: ${lang}, ${scheme}, ${width} pixels`, async () => {
    const v = await visitor(browser, town, lang, { scheme, width });
    await signIn(v.page, lang, /Helmi Hallinto/);
    const room = '/admin/resources/esimerkkikoulun-liikuntasali-a';
    const sections = ['texts', 'facts', 'parts', 'pictures', 'times', 'rules', 'price', 'publishing', 'preview', 'copy'];
    const wrong = [];
    for (const path of [room, '/admin/resources/new?unit=oodi', ...sections.map((s) => `${room}/${s}`)]) {
      const answer = await v.page.goto(path);
      if (answer.status() !== 200) wrong.push(`${path}: status ${answer.status()}`);
      wrong.push(...await findings(v, path));
    }
    assert.deepEqual(wrong, []);
    assertSound(v.page);
  });
}
