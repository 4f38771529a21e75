// How commands are ended: on demand and by their time, with all that they started.

import assert from 'node:assert/strict';
import { CommandExitError, TimeoutError } from 'e2b';
import { commandLines, eventually, inSandbox, sleep, unique } from './support.mjs';

const test = inSandbox();

// Whatever bears the word in its command line; the look-out itself does not.
const bearers = async (sdk, word) => (await commandLines(sdk)).filter(line => line.includes(word));

// A tree that is hard to fell: a child, one in a session of its own, one there that lost its parent too, and one that takes no TERM.
const tree = word => [
  `(exec -a ${word}-child sleep 300) &`,
  `setsid bash -c 'exec -a ${word}-session sleep 300' &`,
  `(setsid bash -c '(exec -a ${word}-orphan sleep 300) & exit' &)`,
  `setsid bash -c 'trap "" TERM HUP INT; exec -a ${word}-stubborn sleep 300' &`,
].join('\n');

async function standing(sdk, word) {
  await eventually('the whole tree stands', async () => {
    const lines = await bearers(sdk, word);
    return ['child', 'session', 'orphan', 'stubborn'].every(name => lines.some(line => line.startsWith(`${word}-${name}`)));
  });
}

test('killing says true, then false', async ({ sdk }) => {
  const handle = await sdk.commands.run('echo before; sleep 300', { background: true });
  await eventually('its first line', () => handle.stdout !== '');
  assert.equal(await handle.kill(), true);
  await assert.rejects(handle.wait(), error => error instanceof CommandExitError && error.exitCode === 137 && error.stdout === 'before\n');
  assert.equal(await handle.kill(), false);
  assert.equal(await sdk.commands.kill(handle.pid), false);
  assert.equal(await sdk.commands.kill(999_999), false);
});

test('killing takes the whole tree, also what hides in sessions of its own', async ({ sdk }) => {
  const word = unique('felled');
  const handle = await sdk.commands.run(`${tree(word)}\nwait`, { background: true });
  await standing(sdk, word);
  assert.equal(await handle.kill(), true);
  await eventually('the tree is gone', async () => (await bearers(sdk, word)).length === 0, 2_000);
});

test('killing one command leaves the others alone', async ({ sdk }) => {
  const word = unique('spared');
  const spared = await sdk.commands.run(`${tree(word)}\nwait`, { background: true });
  await standing(sdk, word);
  const before = (await bearers(sdk, word)).length;
  const other = await sdk.commands.run('sleep 300', { background: true });
  await other.kill();
  await sleep(300);
  assert.equal((await bearers(sdk, word)).length, before);
  await spared.kill();
});

test('a time-out is a TimeoutError, and the whole tree is gone within 2 seconds', async ({ sdk }) => {
  const word = unique('late');
  const heard = [];
  const start = Date.now();
  await assert.rejects(
    sdk.commands.run(`${tree(word)}\necho so far\nwait`, { timeoutMs: 3_000, onStdout: text => heard.push(text) }),
    error => error instanceof TimeoutError && /timeoutMs/.test(error.message));
  const taken = Date.now() - start;
  assert.ok(taken >= 2_900 && taken < 5_000, `it took ${taken} ms`);
  await eventually('the tree is gone', async () => (await bearers(sdk, word)).length === 0, 2_000);
  assert.deepEqual(heard, ['so far\n']);
});

test('a server that outlived its parents gives its port back at the time-out', async ({ sdk }) => {
  const serve = `python3 -S -c 'import socket, time; server = socket.create_server(("127.0.0.1", 4567)); time.sleep(300)'`;
  const answers = async () => (await sdk.commands.run('(: < /dev/tcp/127.0.0.1/4567) 2> /dev/null && echo yes || echo no')).stdout === 'yes\n';
  const ending = assert.rejects(sdk.commands.run(`setsid ${serve} > /dev/null 2>&1 & wait`, { timeoutMs: 4_000 }), TimeoutError);
  await eventually('the server answers', answers, 3_500);
  await ending;
  await eventually('the port is free', async () => !(await answers()), 2_000);

  const next = await sdk.commands.run(serve, { background: true });
  await eventually('the next server answers', answers);
  await next.kill();
});

test('what a command wrote before its time-out can still be had', async ({ sdk }) => {
  const handle = await sdk.commands.run('echo so far; sleep 300', { background: true, timeoutMs: 1_000 });
  await assert.rejects(handle.wait(), TimeoutError);
  assert.equal(handle.stdout, 'so far\n');

  const again = await sdk.commands.connect(handle.pid);
  await assert.rejects(again.wait(), error => error instanceof CommandExitError && error.exitCode > 128 && error.stdout === 'so far\n');
});

test('a command in the background ends by its time too when nobody listens any more', async ({ sdk }) => {
  const word = unique('unheard');
  const handle = await sdk.commands.run(`${tree(word)}\nwait`, { background: true, timeoutMs: 3_000 });
  await handle.disconnect();
  await standing(sdk, word);
  await eventually('the tree is gone', async () => (await bearers(sdk, word)).length === 0, 5_000);
});

test('a listener’s time is his own: the command goes on', async ({ sdk }) => {
  const handle = await sdk.commands.run('sleep 1.5; echo end', { background: true });
  await assert.rejects(async () => (await sdk.commands.connect(handle.pid, { timeoutMs: 400 })).wait(), TimeoutError);
  assert.equal((await handle.wait()).stdout, 'end\n');
});

test('a time of 0 is none', async ({ sdk }) => {
  assert.equal((await sdk.commands.run('sleep 0.3; echo end', { timeoutMs: 0 })).stdout, 'end\n');
});

test('who hangs up does not end the command', async ({ sdk }) => {
  const file = `/tmp/${unique()}`;
  const hangUp = new AbortController();
  const handle = await sdk.commands.run(`sleep 0.7; echo done > ${file}`, { background: true, signal: hangUp.signal });
  hangUp.abort();
  await assert.rejects(handle.wait());
  await eventually('it goes on to its end', () => sdk.files.exists(file));
});

test('zombies are reaped', async ({ sdk }) => {
  await sdk.commands.run('for i in $(seq 50); do (setsid sleep 0.05 &); done');
  await eventually('no zombie is left', async () => {
    const { stdout } = await sdk.commands.run(`cat /proc/[0-9]*/stat 2> /dev/null | grep -c ') Z ' || true`);
    return stdout === '0\n';
  });
});
