// What the suites share: a sandbox made by the product, and the SDK pointed at its agent.

import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after, before, test as nodeTest } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Sandbox } from 'e2b';

const run = promisify(execFile);

/** The program under test; FLOURISHA_CLI names another one. */
export const cli = process.env.FLOURISHA_CLI ?? fileURLToPath(new URL('../../output/bin/docker-sandbox', import.meta.url));

const agentPort = '49983';
// Longer than any suite; a run that is cut off leaves nothing for longer.
const lifetime = '10m';
const patience = 60_000; // milliseconds for one test
// What the SDK takes an agent for in debug mode: the newest there is.
const newest = '99.99.99';

// Of a stream that one leaves in its middle the SDK goes on counting the time, a minute where nothing is said. Nobody waits for that.
const { setTimeout: startTimer } = globalThis;
globalThis.setTimeout = (callback, delay, ...args) => {
  const timer = startTimer(callback, delay, ...args);
  return delay >= 30_000 ? timer.unref() : timer;
};

// Others may use the same engine.
process.env.FLOURISHA_OWNER = `e2b-tests-${process.pid}`;

const removals = new Map();

// The last resort: of a suite that was told to end, or whose hooks failed, nothing stays.
for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15], ['SIGHUP', 1]])
  process.once(signal, () => process.exit(128 + number));
process.on('exit', () => {
  for (const [program, ...args] of removals.values())
    spawnSync(program, args, { stdio: 'ignore', timeout: 30_000 });
});

/** Why nothing can be tested on an engine here; nothing where it can. */
export const engineProblem = (() => {
  const docker = spawnSync('docker', ['version', '--format', '{{.Server.Os}}'], { encoding: 'utf8', timeout: 10_000 });
  if (docker.error?.code === 'ENOENT')
    return 'there is no docker CLI, by which these tests find out about the engine';
  if (docker.status !== 0)
    return 'no Docker Engine answers';
  return docker.stdout.trim() === 'linux' ? undefined : 'the engine runs no Linux containers';
})();

if (!engineProblem && !existsSync(cli))
  throw new Error(`There is no ${cli}: run ./build.sh build first.`);

/** Runs a program and returns what it wrote, without the end of its last line. */
export async function call(program, ...args) {
  const { stdout } = await run(program, args, { maxBuffer: 64 << 20 });
  return stdout.trimEnd();
}

const callForJson = async (...args) => JSON.parse(await call(cli, ...args, '--json'));

/** Has a container removed, whatever becomes of this process. */
export function removeAtEnd(id, ...command) {
  removals.set(id, command);
}

/** Removes a container that removeAtEnd was told of. */
export async function remove(id) {
  const command = removals.get(id);
  if (!command)
    return;

  await call(...command);
  removals.delete(id);
}

async function openSandbox() {
  const { id, user, workingDirectory } = await callForJson('init', '--template', 'minimal', '--timeout', lifetime);
  removeAtEnd(id, cli, 'kill', id);
  const { url, token } = await callForJson('get-host', id, '--port', agentPort);
  if (!token)
    throw new Error(`get-host gave no token for the agent of ${id}.`);

  return { id, user, home: `/home/${user}`, workingDirectory, url, token, sdk: connect(url, token, id) };
}

/**
 * The SDK pointed at an agent. In debug mode it asks E2B's service for nothing; that is where it would have its tokens from, hence the
 * constructor instead of Sandbox.connect.
 */
export function connect(url, token, sandboxId = 'sandbox') {
  return new Sandbox({ sandboxId, sandboxUrl: url, debug: true, envdVersion: newest, envdAccessToken: token });
}

/**
 * Begins a suite: one sandbox for all of its tests, removed when they are through.
 * @returns What declares a test, whose body gets the sandbox: `sdk`, `id`, `user`, `home`, `workingDirectory`, `url`, `token`.
 */
export function inSandbox(open = openSandbox) {
  let sandbox;
  if (!engineProblem) {
    before(async () => { sandbox = await open(); }, { timeout: 5 * patience }); // the first one builds the template
    after(async () => { await Promise.all([...removals.keys()].map(remove)); });
  }
  return (name, body) => nodeTest(name, { skip: engineProblem, timeout: patience }, () => body(sandbox));
}

/** Asks again and again until the answer is true; fails where it is not in time. */
export async function eventually(what, ask, milliseconds = 5_000) {
  const end = Date.now() + milliseconds;
  while (!(await ask())) {
    if (Date.now() > end)
      throw new Error(`Not within ${milliseconds} ms: ${what}`);
    await sleep(50);
  }
}

/** The command lines of all processes in a sandbox; of one with several lines, each. */
export async function commandLines(sdk) {
  const { stdout } = await sdk.commands.run('grep -ahs . /proc/[0-9]*/cmdline; true');
  return stdout.replaceAll('\0', ' ').split('\n');
}

let words = 0;

/** A word that nothing else bears: to find processes and files of one test by. */
export const unique = (prefix = 'test') => `${prefix}-${process.pid}-${++words}`;

export { sleep };
