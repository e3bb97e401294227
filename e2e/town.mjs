// A demo town of its own: the built program with a private database in a
// temporary directory, on a free port of this machine, its clock started on
// the same Monday afternoon in every run.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const program = process.env.VUORO_BIN || join(here, '..', 'bin', 'vuoro');

// NOW is Monday 23 November 2026, half past three in the afternoon in Helsinki.
export const NOW = '2026-11-23T15:30:00+02:00';

const startLimit = 90_000;

// seed is a directory that the files of a run share: the first loads the town into
// it and all begin with a copy, which takes a second. A town with a clock of its
// own is loaded by itself.
const seed = process.env.TOWN_NOW ? '' : process.env.VUORO_SEED || '';

// startTown starts the program and resolves when it answers. The town's stop()
// ends it and removes its data.
export async function startTown() {
  const data = await mkdtemp(join(tmpdir(), 'vuoro-e2e-'));
  await chmod(data, 0o755); // the database may run as another user
  if (seed) {
    await sow();
    await promisify(execFile)('cp', ['-a', join(seed, 'data'), data]);
  }
  return runTown(data);
}

// sow loads the town into the seed, unless another file has or does.
async function sow() {
  await mkdir(seed, { recursive: true });
  await chmod(seed, 0o755);
  try {
    await mkdir(join(seed, 'taken'));
  } catch {
    for (let waited = 0; !existsSync(join(seed, 'data')); waited += 200) {
      if (waited > startLimit) throw new Error(`the town in ${seed} was never loaded`);
      await setTimeout(200);
    }
    return;
  }
  const town = await runTown(seed, 'loading');
  await town.end();
  await rename(join(seed, 'loading'), join(seed, 'data'));
}

async function runTown(data, name = 'data') {
  const address = `127.0.0.1:${await freePort()}`;
  const env = { ...process.env, VUORO_ADDR: address, VUORO_DATA: join(data, name) };
  for (const name of ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'BASE_URL', 'SMTP_URL', 'MAIL_FROM', 'TRUSTED_PROXIES']) delete env[name];
  const server = spawn(program, ['serve', '--now', process.env.TOWN_NOW || NOW], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const town = { base: `http://${address}`, log: '', end: () => end(server), stop: () => stop(server, data) };
  try {
    await ready(server, town);
  } catch (err) {
    await town.stop();
    throw err;
  }
  return town;
}

function ready(server, town) {
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`${program} serve: ${why}\n${town.log}`));
    const timer = globalThis.setTimeout(() => fail(`not ready after ${startLimit / 1000} s`), startLimit);
    server.on('error', (err) => fail(err.message));
    server.on('exit', (code) => fail(`ended with ${code}`));
    const read = (chunk) => {
      town.log += chunk;
      if (town.log.includes('Vuoro is ready')) {
        clearTimeout(timer);
        resolve();
      }
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
  });
}

async function stop(server, data) {
  await end(server);
  await rm(data, { recursive: true, force: true });
}

async function end(server) {
  if (server.exitCode === null && server.signalCode === null && server.pid) {
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await gone;
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

// words are the sentences of a language. Those with numbers or names in them
// are asked for as a pattern.
export async function words(lang) {
  const texts = JSON.parse(await readFile(join(here, '..', 'web', 'locales', `${lang}.json`), 'utf8'));
  const say = (key) => {
    if (typeof texts[key] !== 'string') throw new Error(`${lang}.json has no sentence ${key}`);
    return texts[key];
  };
  say.like = (key) => new RegExp(say(key).split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'));
  return say;
}
