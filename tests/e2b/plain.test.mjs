// The agent alone, without the product around it and without a token: the SDK in its own debug mode.

import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { CommandExitError, InvalidArgumentError, Sandbox } from 'e2b';
import { call, cli, eventually, inSandbox, removeAtEnd } from './support.mjs';

const port = 49983;
const program = '/usr/local/bin/flourisha-agent';
const platforms = { x86_64: 'linux-x64', amd64: 'linux-x64', aarch64: 'linux-arm64', arm64: 'linux-arm64' };

async function findImage() {
  const prepared = 'flourisha-sandbox-base:bookworm';
  return await call('docker', 'image', 'inspect', prepared).then(() => prepared, () => 'debian:bookworm-slim');
}

async function findAgent() {
  const folder = process.env.FLOURISHA_AGENT ?? join(dirname(cli), 'agent');
  return join(folder, platforms[await call('docker', 'info', '--format', '{{.Architecture}}')], 'flourisha-agent');
}

const test = inSandbox(async () => {
  const id = await call(
    'docker', 'create', '--init=false', '--label', 'flourisha.sandbox=test', '--publish', `127.0.0.1::${port}`, '--user', '1000:1000', '--workdir', '/tmp',
    '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--entrypoint', program, await findImage(), 'serve', '--lifetime', '600');
  removeAtEnd(id, 'docker', 'rm', '--force', '--volumes', id);
  await call('docker', 'cp', await findAgent(), `${id}:${program}`);
  await call('docker', 'start', id);
  const address = (await call('docker', 'port', id, `${port}/tcp`)).split('\n')[0];
  const sdk = await Sandbox.create({ debug: true, sandboxUrl: `http://${address}` });
  await eventually('the agent answers', () => sdk.isRunning().catch(() => false));
  return { id, sdk };
});

test('commands', async ({ sdk }) => {
  assert.equal((await sdk.commands.run('id -u; pwd')).stdout, '1000\n/tmp\n');
  await assert.rejects(sdk.commands.run('exit 9'), error => error instanceof CommandExitError && error.exitCode === 9);
});

test('files', async ({ sdk }) => {
  await sdk.files.write('/tmp/plain', 'text');
  assert.equal(await sdk.files.read('/tmp/plain'), 'text');
  assert.equal((await sdk.files.list('/tmp')).find(entry => entry.name === 'plain').size, 4);
});

test('terminals', async ({ sdk }) => {
  let screen = '';
  const decoder = new TextDecoder();
  const terminal = await sdk.pty.create({ cols: 90, rows: 30, onData: data => { screen += decoder.decode(data, { stream: true }); } });
  await sdk.pty.sendInput(terminal.pid, new TextEncoder().encode('stty size; exit 0\n'));
  assert.equal((await terminal.wait()).exitCode, 0);
  assert.match(screen, /[\r\n]30 90\r\n/);
});

test('URLs need no signature', async ({ sdk }) => {
  await sdk.files.write('/tmp/open', 'open');
  const url = await sdk.downloadUrl('/tmp/open');
  assert.equal(new URL(url).searchParams.has('signature'), false);
  assert.equal(await (await fetch(url)).text(), 'open');
  await assert.rejects(sdk.downloadUrl('/tmp/open', { useSignatureExpiration: 60 }), InvalidArgumentError);
});

test('connecting again is a matter of the address alone', async ({ sdk }) => {
  const again = await Sandbox.connect('any', { debug: true, sandboxUrl: sdk.envdApiUrl });
  assert.equal((await again.commands.run('echo again')).stdout, 'again\n');
});
