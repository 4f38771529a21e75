// Terminals.

import assert from 'node:assert/strict';
import { CommandExitError, InvalidArgumentError, NotFoundError, SandboxError } from 'e2b';
import { commandLines, eventually, inSandbox, sleep, unique } from './support.mjs';

const test = inSandbox();

const encoder = new TextEncoder();

// A terminal with a shell whose screen is kept as text.
async function open(sdk, options) {
  const decoder = new TextDecoder();
  let screen = '';
  const handle = await sdk.pty.create({ cols: 80, rows: 24, onData: data => { screen += decoder.decode(data, { stream: true }); }, ...options });
  const shows = (what, milliseconds) => eventually(`${what} on the screen:\n${screen}`, () => what instanceof RegExp ? what.test(screen) : screen.includes(what), milliseconds);
  return { handle, shows, screen: () => screen, type: text => sdk.pty.sendInput(handle.pid, encoder.encode(text)) };
}

// What is typed is echoed too, so that what is looked for must not stand in it.
const say = word => `echo ${word[0]}''${word.slice(1)}\n`;
// Text that has a line of its own. The shell's editor leaves its line by a mere carriage return.
const line = text => new RegExp(`[\\r\\n]${text}\\r\\n`);

test('a terminal has the size that was asked for, and is one', async ({ sdk }) => {
  const { handle, type, shows } = await open(sdk, { cols: 123, rows: 45 });
  await type('stty size; tty; echo "<$TERM>"\n');
  await shows(line('45 123'));
  await shows(line(String.raw`/dev/pts/\d+`));
  await shows('<xterm-256color>');
  await handle.kill();
});

test('what is typed is read, its exit code is the shell’s', async ({ sdk }) => {
  const { handle, type, shows } = await open(sdk);
  await type(say('hello'));
  await shows(line('hello'));
  await type('exit 0\n');
  assert.equal((await handle.wait()).exitCode, 0);

  const failing = await open(sdk);
  await failing.type('exit 7\n');
  await assert.rejects(failing.handle.wait(), error => error instanceof CommandExitError && error.exitCode === 7);
});

test('it starts where it is told to, with the variables that it is given', async ({ sdk }) => {
  const { handle, type, shows } = await open(sdk, { cwd: '/usr/bin', envs: { GIVEN: 'ü€𝄞', TERM: 'dumb' } });
  await type('echo "<$PWD $GIVEN $TERM>"\n');
  await shows('</usr/bin ü€𝄞 dumb>');
  await handle.kill();
});

test('a folder to start in that is not there is named', async ({ sdk }) => {
  await assert.rejects(open(sdk, { cwd: '/no/such/folder' }), error => error instanceof InvalidArgumentError && error.message.includes('/no/such/folder'));
});

test('a new size is seen by who asks, and by who waits for it', async ({ sdk }) => {
  const { handle, type, shows } = await open(sdk);
  await type('trap "echo re""sized" WINCH; stty size\n');
  await shows(line('24 80'));
  await sdk.pty.resize(handle.pid, { cols: 101, rows: 33 });
  await type('stty size\n');
  await shows('resized\r\n'); // wherever the prompt was
  await shows(line('33 101'));
  await handle.kill();
});

test('Ctrl+C ends what runs in it, Ctrl+D the shell', async ({ sdk }) => {
  const { handle, type, shows } = await open(sdk);
  await type(`${say('ready')}sleep 300\n`);
  await shows(line('ready'));
  await sleep(300);
  await type('\x03');
  await type(say('next'));
  await shows(line('next'));
  await type('\x04');
  // The shell's exit code is the last command's.
  assert.equal((await handle.wait()).exitCode, 0);
});

test('job control works: it is the controlling terminal of a session of its own', async ({ sdk }) => {
  const { handle, type, shows, screen } = await open(sdk);
  await type('sleep 300 & jobs\n');
  await shows(/\[1\].*Running.*sleep 300/);
  await type('fg\n');
  // Before it is in front this is for the shell, which does not mind.
  await eventually(`it is stopped, on the screen:\n${screen()}`, async () => {
    await type('\x1a');
    await sleep(200);
    return /Stopped.*sleep 300/.test(screen());
  });
  assert.ok(!/no job control/.test(screen()), screen());
  await handle.kill();
});

test('killing says true, then false, and takes all that was started in it', async ({ sdk }) => {
  const word = unique('typed');
  const { handle, type } = await open(sdk);
  await type(`setsid bash -c 'exec -a ${word} sleep 300' &\n`);
  const running = async () => (await commandLines(sdk)).some(line => line.startsWith(word));
  await eventually('it runs', running);
  assert.equal(await sdk.pty.kill(handle.pid), true);
  await assert.rejects(handle.wait(), error => error instanceof CommandExitError && error.exitCode > 128);
  await eventually('all is gone', async () => !(await running()), 2_000);
  assert.equal(await sdk.pty.kill(handle.pid), false);
});

test('who comes back finds the screen as it was, and goes on typing', async ({ sdk }) => {
  const { handle, type, shows, screen } = await open(sdk);
  await type(say('before'));
  await shows(line('before'));
  await handle.disconnect();
  const seen = screen().length;

  await type(say('unseen'));
  await sleep(300);
  let again = '';
  const decoder = new TextDecoder();
  const second = await sdk.pty.connect(handle.pid, { onData: data => { again += decoder.decode(data, { stream: true }); } });
  await eventually(`what was missed, in ${again}`, () => line('before').test(again) && line('unseen').test(again));
  await type('exit 0\n');
  assert.equal((await second.wait()).exitCode, 0);
  assert.equal(second.pid, handle.pid);
  assert.equal(screen().length, seen);
});

test('a paste of 100 KB arrives whole', async ({ sdk }) => {
  const { handle, type, shows } = await open(sdk);
  await type(`stty -echo -icanon; ${say('ready').trim()}; head -c 100000 | wc -c\n`);
  await shows(line('ready'));
  await type('0123456789'.repeat(10_000));
  await shows('100000\r\n', 10_000);
  await handle.kill();
});

test('much output arrives whole', async ({ sdk }) => {
  const { handle, type, shows, screen } = await open(sdk);
  await type('stty -echo; seq 200000; exit 0\n');
  await handle.wait();
  await shows(line('200000'));
  const numbers = screen().split(/[\r\n]+/).filter(line => /^\d+$/.test(line)).map(Number);
  assert.equal(numbers.length, 200_000);
  assert.ok(numbers.every((number, i) => number === i + 1));
});

test('it is listed', async ({ sdk }) => {
  const { handle } = await open(sdk);
  const listed = (await sdk.commands.list()).find(process => process.pid === handle.pid);
  assert.deepEqual([listed?.cmd, listed?.args], ['/bin/bash', ['-i', '-l']]);
  await handle.kill();
});

test('a terminal that is none has no size and takes no input', async ({ sdk }) => {
  const command = await sdk.commands.run('sleep 300', { background: true, stdin: true });
  await assert.rejects(sdk.pty.resize(command.pid, { cols: 80, rows: 24 }), SandboxError);
  await assert.rejects(sdk.pty.sendInput(command.pid, encoder.encode('x')), SandboxError);
  await command.kill();

  await assert.rejects(sdk.pty.resize(999_999, { cols: 80, rows: 24 }), NotFoundError);
  await assert.rejects(sdk.pty.sendInput(999_999, encoder.encode('x')), NotFoundError);
  await assert.rejects(sdk.pty.connect(999_999), NotFoundError);
  assert.equal(await sdk.pty.kill(999_999), false);
});
