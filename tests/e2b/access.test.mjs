// Who gets in: the token, and URLs that are signed with it.

import assert from 'node:assert/strict';
import { AuthenticationError } from 'e2b';
import { connect, inSandbox, unique } from './support.mjs';

const test = inSandbox();

const newPath = () => `/tmp/${unique('signed')}`;

async function refused(url, options, status = 401) {
  const response = await fetch(url, options);
  assert.equal(response.status, status);
  const { code, message } = await response.json();
  assert.equal(code, status);
  assert.ok(message);
}

function changed(url, name, value) {
  const other = new URL(url);
  assert.ok(other.searchParams.has(name), `${url} has no ${name}`);
  other.searchParams.set(name, value);
  return other;
}

// Stays the first test: nobody has shown the agent its token before.
test('a signed URL works in a sandbox that nobody has spoken to', async ({ sdk }) => {
  const response = await fetch(await sdk.downloadUrl('/etc/passwd'));
  assert.equal(response.status, 200);
  assert.match(await response.text(), /^root:/);
});

test('without the token, or with a wrong one, nothing is done', async ({ sdk, url, token }) => {
  const path = newPath();
  for (const wrong of [undefined, '', 'wrong', `${token}x`, token.slice(1)]) {
    const stranger = connect(url, wrong);
    await assert.rejects(stranger.commands.run(`touch ${path}`), AuthenticationError);
    await assert.rejects(stranger.commands.list(), AuthenticationError);
    await assert.rejects(stranger.commands.kill(1), AuthenticationError);
    await assert.rejects(stranger.pty.create({ cols: 80, rows: 24, onData: () => {} }), AuthenticationError);
    await assert.rejects(stranger.files.read('/etc/passwd'), AuthenticationError);
    await assert.rejects(stranger.files.write(path, 'x'), AuthenticationError);
    await assert.rejects(stranger.files.list('/'), AuthenticationError);
    await assert.rejects(stranger.files.watchDir('/tmp', () => {}), AuthenticationError);
  }
  assert.equal(await sdk.files.exists(path), false);
});

test('whether it runs may be asked by everybody', async ({ sdk, url }) => {
  assert.equal(await sdk.isRunning(), true);
  assert.equal(await connect(url).isRunning(), true);
});

test('a download URL gives the file to who has it, and nothing else', async ({ sdk }) => {
  const path = newPath();
  await sdk.files.write(path, 'content ü');
  const url = await sdk.downloadUrl(path);
  assert.equal(await (await fetch(url)).text(), 'content ü');

  await refused(changed(url, 'path', '/etc/passwd'));
  await refused(changed(url, 'signature', 'v1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'));
  await refused(changed(url, 'signature', ''));
  const unsigned = new URL(url);
  unsigned.searchParams.delete('signature');
  await refused(unsigned);

  const form = new FormData();
  form.append('file', new Blob(['overwritten']), 'x');
  await refused(url, { method: 'POST', body: form });
  assert.equal(await sdk.files.read(path), 'content ü');
});

test('a download URL is good until it expires', async ({ sdk }) => {
  const path = newPath();
  await sdk.files.write(path, 'x');
  const url = await sdk.downloadUrl(path, { useSignatureExpiration: 60 });
  assert.equal(await (await fetch(url)).text(), 'x');

  await refused(await sdk.downloadUrl(path, { useSignatureExpiration: -60 }));
  const expiration = Number(new URL(url).searchParams.get('signature_expiration'));
  await refused(changed(url, 'signature_expiration', String(expiration + 3_600)));
  await refused(changed(url, 'signature_expiration', 'never'), undefined, 400);
  const endless = new URL(url);
  endless.searchParams.delete('signature_expiration');
  await refused(endless);
});

test('a download URL takes a user, and the signature covers the name', async ({ sdk, user }) => {
  const path = newPath();
  await sdk.files.write(path, 'x');
  const url = await sdk.downloadUrl(path, { user });
  assert.equal(await (await fetch(url)).text(), 'x');
  await refused(changed(url, 'username', 'root'));
});

test('a download names the file, and takes ranges', async ({ sdk }) => {
  const path = newPath();
  await sdk.files.write(path, '0123456789');
  const url = await sdk.downloadUrl(path);
  const whole = await fetch(url);
  assert.equal(whole.headers.get('content-length'), '10');
  assert.equal(await whole.text(), '0123456789');
  const part = await fetch(url, { headers: { Range: 'bytes=2-4' } });
  assert.deepEqual([part.status, part.headers.get('content-range'), await part.text()], [206, 'bytes 2-4/10', '234']);
});

test('an upload URL takes a form', async ({ sdk, user }) => {
  const path = newPath();
  const form = new FormData();
  form.append('file', new Blob(['from a form']), 'whatever');
  const response = await fetch(await sdk.uploadUrl(path, { useSignatureExpiration: 60 }), { method: 'POST', body: form });
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), [{ name: path.slice('/tmp/'.length), path, type: 'file' }]);
  assert.equal(await sdk.files.read(path), 'from a form');
  assert.equal((await sdk.files.getInfo(path)).owner, user);
});

test('an upload URL takes the bare bytes', async ({ sdk }) => {
  const path = newPath();
  const response = await fetch(await sdk.uploadUrl(path), { method: 'POST', body: 'bare', headers: { 'Content-Type': 'application/octet-stream' } });
  assert.equal(response.status, 200);
  assert.equal(await sdk.files.read(path), 'bare');
});

test('an upload URL without a path takes files by the names that the form gives them', async ({ sdk, home }) => {
  const name = unique('named');
  const form = new FormData();
  form.append('file', new Blob(['one']), `${name}/1`);
  form.append('file', new Blob(['two']), `${name}/2`);
  const response = await fetch(await sdk.uploadUrl(), { method: 'POST', body: form });
  assert.equal(response.status, 200);
  assert.deepEqual((await response.json()).map(entry => entry.path), [`${home}/${name}/1`, `${home}/${name}/2`]);
  assert.equal(await sdk.files.read(`${home}/${name}/2`), 'two');
});

test('an upload URL that has expired, or was tampered with, is refused and writes nothing', async ({ sdk }) => {
  const path = newPath();
  const post = () => ({ method: 'POST', body: 'x', headers: { 'Content-Type': 'application/octet-stream' } });
  await refused(await sdk.uploadUrl(path, { useSignatureExpiration: -60 }), post());
  const url = await sdk.uploadUrl(path, { useSignatureExpiration: 60 });
  await refused(changed(url, 'path', `${path}-other`), post());
  await refused(changed(url, 'signature', 'v1_'), post());
  await refused(url); // signed for writing, not for reading
  assert.equal(await sdk.files.exists(path), false);
  assert.equal(await sdk.files.exists(`${path}-other`), false);
});
