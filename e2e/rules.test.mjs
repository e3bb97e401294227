// A board's decision becomes rules: a draft, a rule, an example that fails and is
// mended, published for a day to come, read by a resident on the room's page.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { assertClean, assertSound, closePages, signIn } from './browser.mjs';
import { browser, town } from './stage.mjs';
import { visitor } from './steps.mjs';

afterEach(closePages);

const press = (v, key) => v.page.getByRole('button', { name: v.t(key), exact: true }).first().click();
const follow = (v, key) => v.page.getByRole('link', { name: v.t(key), exact: true }).first().click();

test('a new version from the decision to the room page', async () => {
  const v = await visitor(browser, town, 'fi');
  await signIn(v.page, 'fi', /Helmi Hallinto/);
  await v.page.goto('/admin/rules');
  await assertClean(v, 'the rule books');
  await v.page.goto('/admin/rules/school-room');
  await press(v, 'rulebook.draft_make');
  await v.page.getByText(v.t('rulebook.drafted')).waitFor();

  await follow(v, 'rulebook.rule_new');
  await v.page.locator('[name=id]').fill('talkoot');
  await v.page.locator('summary', { hasText: v.t('rulebook.group.who') }).click();
  await v.page.getByRole('checkbox', { name: 'yritykset' }).check();
  await v.page.locator('[name="effects.verdict"]').selectOption('refuse');
  await v.page.locator('[name=note_fi]').fill('Talkoosäännön mukaan.');
  await assertClean(v, 'the form of a rule');
  await press(v, 'action.save');
  await v.page.getByText('Yritykset: ei voi varata. Talkoosäännön mukaan.').first().waitFor();

  await follow(v, 'rulebook.example_new');
  await v.page.locator('[name=name]').fill('Yritys ei saa varata');
  await v.page.locator('[name=class]').selectOption('company');
  await v.page.locator('[name=want]').selectOption('refuse');
  await v.page.locator('[name=want_price]').selectOption('any');
  await v.page.locator('[name=want_codes]').fill('rules.refused');
  await press(v, 'action.save');
  await v.page.locator('.examples .rule.no').waitFor();
  await assertClean(v, 'a version with an example that fails');

  // the new rule goes first, and the example says what stops a company
  for (let up = v.page.locator('button[value="up:talkoot"]'); await up.count(); ) await up.click();
  if (await v.page.locator('.examples .rule.no').count()) {
    const said = await v.page.locator('.examples .rule.no').innerText();
    const code = said.match(/(booking|rules)\.[a-z_]+(?=[.;]?\s|\.$)/g)?.pop();
    await v.page.getByRole('link', { name: 'Yritys ei saa varata' }).click();
    await v.page.locator('[name=want_codes]').fill(code);
    await press(v, 'action.save');
  }
  await v.page.locator('.examples .rule.ok').waitFor();

  const version = v.page.url();
  await follow(v, 'whatif.title');
  await v.page.locator('[name=from]').fill('1.1.2026');
  await v.page.locator('[name=to]').fill('31.12.2026');
  await press(v, 'whatif.start');
  await v.page.locator('figure.chart svg.bars').waitFor({ timeout: 30_000 });
  assert.ok(await v.page.locator('.report-table table').first().isVisible());
  await assertClean(v, 'what the version would have changed in a year');

  await v.page.goto(version);
  await follow(v, 'rulebook.publish');
  await assertClean(v, 'publishing');
  await v.page.locator('[name=valid_from]').fill('1.12.2026');
  await press(v, 'rulebook.publish_do');
  if (await v.page.getByRole('alert').count()) await press(v, 'rulebook.publish_do'); // what it strands was shown
  await v.page.getByText(v.t('rulebook.published')).waitFor();
  assertSound(v.page);

  const r = await visitor(browser, town, 'fi');
  await r.page.goto(`${r.at.rooms}/esimerkkikoulun-juhlasali`);
  await r.page.getByRole('heading', { name: v.t('room.rules_coming').replace('{day}', 'ti 1.12.2026') }).waitFor();
  assert.ok(await r.page.getByText('Yritykset: ei voi varata. Talkoosäännön mukaan.').isVisible());
  assertSound(r.page);
});
