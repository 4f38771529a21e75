// Commands that one does not wait for: their handles, their input, and coming back to them.

import assert from 'node:assert/strict';
import { CommandExitError, NotFoundError, SandboxError } from 'e2b';
import { eventually, inSandbox, sleep, unique } from './support.mjs';

const test = inSandbox();

const nobody = 999_999; // no pid in a sandbox is that high

const isListed = async (sdk, pid) => (await sdk.commands.list()).some(process => process.pid === pid);

test('a command in the background is there at once, and gives its result to who waits', async ({ sdk }) => {
  const handle = await sdk.commands.run('sleep 1; echo out; echo err >&2; exit 4', { background: true });
  assert.ok(handle.pid > 1);
  assert.equal(handle.exitCode, undefined);
  await assert.rejects(handle.wait(), error => error instanceof CommandExitError && error.exitCode === 4 && error.stdout === 'out\n' && error.stderr === 'err\n');
  assert.equal(handle.exitCode, 4);
});

test('its pid is the shell’s own', async ({ sdk }) => {
  const handle = await sdk.commands.run('echo $$', { background: true });
  assert.equal((await handle.wait()).stdout, `${handle.pid}\n`);
});

test('who connects late gets everything from the start', async ({ sdk }) => {
  const first = await sdk.commands.run('echo one; echo eins >&2; sleep 1; echo two', { background: true });
  await first.disconnect();
  await sleep(400);

  const heard = [];
  const second = await sdk.commands.connect(first.pid, { onStdout: text => heard.push(text) });
  const result = await second.wait();
  assert.equal(second.pid, first.pid);
  assert.deepEqual([result.stdout, result.stderr, heard.join('')], ['one\ntwo\n', 'eins\n', 'one\ntwo\n']);
});

test('who connects after the end gets output and exit code all the same', async ({ sdk }) => {
  const first = await sdk.commands.run('echo unheard; exit 5', { background: true });
  await first.disconnect();
  await eventually('it ends', async () => !(await isListed(sdk, first.pid)));

  const second = await sdk.commands.connect(first.pid);
  await assert.rejects(second.wait(), error => error instanceof CommandExitError && error.exitCode === 5 && error.stdout === 'unheard\n');
});

test('several listeners hear the same', async ({ sdk }) => {
  const first = await sdk.commands.run('for i in 1 2 3 4 5; do echo $i; sleep 0.1; done', { background: true });
  const others = await Promise.all([sdk.commands.connect(first.pid), sdk.commands.connect(first.pid)]);
  const results = await Promise.all([first, ...others].map(handle => handle.wait()));
  assert.deepEqual(results.map(result => result.stdout), Array(3).fill('1\n2\n3\n4\n5\n'));
});

test('who disconnects hears no more, and the command goes on', async ({ sdk }) => {
  const file = `/tmp/${unique()}`;
  const heard = [];
  const handle = await sdk.commands.run(`echo early; sleep 0.5; echo late; echo done > ${file}`, { background: true, onStdout: text => heard.push(text) });
  await eventually('its first line', () => heard.length > 0);
  await handle.disconnect();
  await eventually('it goes on to its end', () => sdk.files.exists(file));
  assert.deepEqual(heard, ['early\n']);
});

test('there is nothing to connect to where nothing was started', async ({ sdk }) => {
  await assert.rejects(sdk.commands.connect(nobody), NotFoundError);
});

test('what runs is listed as it was started, and is not when it has ended', async ({ sdk }) => {
  const command = `sleep 300 # ${unique()}`;
  const handle = await sdk.commands.run(command, { background: true, cwd: '/usr', envs: { LISTED: 'yes' } });
  const listed = (await sdk.commands.list()).find(process => process.pid === handle.pid);
  assert.deepEqual([listed?.cmd, listed?.args, listed?.cwd, listed?.envs.LISTED], ['/bin/bash', ['-l', '-c', command], '/usr', 'yes']);
  await handle.kill();
  await eventually('it is not listed any more', async () => !(await isListed(sdk, handle.pid)));
});

test('input is read as it comes, and its end is seen', async ({ sdk }) => {
  const heard = [];
  const handle = await sdk.commands.run('while read -r line; do echo "got $line"; done; echo end', { background: true, stdin: true, onStdout: text => heard.push(text) });
  await handle.sendStdin('one\n');
  await eventually('the first line comes back', () => heard.join('') === 'got one\n');
  await sdk.commands.sendStdin(handle.pid, 'two ü€𝄞\n');
  await handle.closeStdin();
  assert.equal((await handle.wait()).stdout, 'got one\ngot two ü€𝄞\nend\n');
});

test('input may be any bytes', async ({ sdk }) => {
  const handle = await sdk.commands.run('od -An -v -tu1 | tr -s " \\n" " "', { background: true, stdin: true });
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  await handle.sendStdin(bytes);
  await handle.closeStdin();
  assert.equal((await handle.wait()).stdout.trim(), [...bytes].join(' '));
});

test('a megabyte of input, far more than a pipe holds, arrives', async ({ sdk }) => {
  const handle = await sdk.commands.run('sleep 0.5; wc -c', { background: true, stdin: true });
  await handle.sendStdin('x'.repeat(1 << 20));
  await handle.sendStdin('y');
  await handle.closeStdin();
  assert.equal((await handle.wait()).stdout.trim(), String((1 << 20) + 1));
});

test('input for a command that has none, or no longer, is refused', async ({ sdk }) => {
  const deaf = await sdk.commands.run('sleep 300', { background: true });
  await assert.rejects(deaf.sendStdin('x'), SandboxError);
  await deaf.kill();

  const closed = await sdk.commands.run('cat; sleep 300', { background: true, stdin: true });
  await closed.closeStdin();
  await assert.rejects(closed.sendStdin('x'), SandboxError);
  await closed.kill();

  await assert.rejects(sdk.commands.sendStdin(nobody, 'x'), NotFoundError);
  await assert.rejects(sdk.commands.closeStdin(nobody), NotFoundError);
});

test('a command that reads nothing blocks who writes to it, and nobody else', async ({ sdk }) => {
  const stuck = await sdk.commands.run('sleep 300', { background: true, stdin: true });
  // Nobody reads: this is answered when the request's own time is over.
  await assert.rejects(stuck.sendStdin('x'.repeat(1 << 20), { requestTimeoutMs: 500 }));
  assert.equal((await sdk.commands.run('echo free')).stdout, 'free\n');
  assert.equal(await stuck.kill(), true);
});
