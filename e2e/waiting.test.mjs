// The wait list: somebody joins the line for a time that another has, gets it
// when that is given back, and both see what they have.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { assertSound, closePages, findings, signIn } from './browser.mjs';
import { browser, town } from './stage.mjs';
import { acceptTerms, cancel, chooseStart, confirm, fillForm, keepTime, visitor } from './steps.mjs';

afterEach(closePages);
const room = 'oodi-ryhmahuone';
const date = '2026-12-02';
const pictures = process.env.PICTURES; // a folder to leave pictures of the pages in

async function look(v, name) {
  if (pictures) await v.page.screenshot({ path: `${pictures}/${name}-${v.lang}.png`, fullPage: true });
  return findings(v, name);
}

// mailTo waits for a mail in the demo town's mailbox and opens it.
async function mailTo(v, email, subject) {
  for (let tries = 0; tries < 40; tries++) {
    await v.page.goto('/demo/mailbox');
    const mail = v.page.locator('.mail').filter({ hasText: email }).filter({ hasText: subject });
    if (await mail.count()) return mail.first().getByRole('link').click();
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return assert.fail('no offer came');
}

test('a time that is given back is offered to who waits for it', async () => {
  const owner = await visitor(browser, town, 'fi');
  await signIn(owner.page, 'fi', /Ville Vuoro/);
  await chooseStart(owner, room, date);
  await keepTime(owner);
  await fillForm(owner, { title: 'Lautapelit' });
  await acceptTerms(owner);
  const number = await confirm(owner);

  const waiter = await visitor(browser, town, 'sv', { width: 390, scheme: 'dark' });
  await signIn(waiter.page, 'sv', /Otso Ilta/);
  await waiter.page.goto(`/sv/lokaler/${room}?date=${date}`);
  const grey = waiter.page.locator('.greys');
  if (!(await grey.getAttribute('open'))) await grey.locator('summary').click();
  const wrong = await look(waiter, 'room');
  await grey.getByRole('link', { name: waiter.t('wait.link') }).first().click();
  await waiter.page.getByRole('heading', { level: 1, name: waiter.t('wait.title') }).waitFor();
  wrong.push(...(await look(waiter, 'join')));
  await waiter.page.getByRole('button', { name: waiter.t('wait.join'), exact: true }).click();
  await waiter.page.getByRole('alert').waitFor(); // the terms are not accepted yet
  wrong.push(...(await look(waiter, 'join-again')));
  await fillForm(waiter, { title: 'Körövning' });
  await acceptTerms(waiter);
  await waiter.page.getByRole('button', { name: waiter.t('wait.join'), exact: true }).click();
  await waiter.page.getByRole('heading', { level: 1, name: 'Du är nummer 1 i kön' }).waitFor();
  wrong.push(...(await look(waiter, 'waiting')));

  await owner.page.goto(`/fi/varaukset/${number}`);
  await cancel(owner);

  await mailTo(waiter, 'otso@demo.example', /Jonottamasi aika vapautui|Tiden du köat till/);
  const address = await waiter.page.evaluate(() => document.body.innerText.match(/\/w\/[0-9a-f-]{36}/)?.[0]);
  assert.ok(address, 'the mail leads to the answer');
  await waiter.page.goto(address);
  await waiter.page.getByRole('heading', { level: 1, name: waiter.t('wait.said.offered') }).waitFor();
  wrong.push(...(await look(waiter, 'offered')));
  await waiter.page.goto(waiter.at.mine);
  wrong.push(...(await look(waiter, 'mine')));
  await waiter.page.goto(address);
  await waiter.page.getByRole('button', { name: waiter.t('wait.accept'), exact: true }).click();
  await waiter.page.getByRole('heading', { level: 1, name: waiter.t('reservation.title.confirmed') }).waitFor();

  await waiter.page.goto(waiter.at.mine);
  await waiter.page.getByText('Körövning').first().waitFor();
  assert.equal(await waiter.page.getByRole('heading', { name: waiter.t('wait.mine') }).count(), 0, 'nobody waits any more');
  await owner.page.goto(`${owner.at.mine}?state=ended`);
  await owner.page.getByText('Lautapelit').first().waitFor();
  assert.deepEqual(wrong, []);
  assertSound(waiter.page);
  assertSound(owner.page);
});
