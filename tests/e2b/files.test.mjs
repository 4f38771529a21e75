// Files and folders.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { FileNotFoundError, FileType, InvalidArgumentError, NotEnoughSpaceError, NotFoundError, SandboxError } from 'e2b';
import { inSandbox, unique } from './support.mjs';

const test = inSandbox();

const sha256 = data => createHash('sha256').update(data).digest('hex');
const sum = async (sdk, path) => (await sdk.commands.run(`sha256sum < '${path}'`)).stdout.split(' ')[0];
const newFolder = () => `/tmp/${unique('files')}`;

// Pieces as they come over a wire, not as one block.
function inPieces(data, size = 100_000) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= data.length)
        controller.close();
      else
        controller.enqueue(data.subarray(at, at += size));
    },
  });
}

async function collect(stream) {
  const pieces = [];
  for await (const piece of stream)
    pieces.push(piece);
  return Buffer.concat(pieces);
}

test('text comes back as it was written', async ({ sdk }) => {
  const path = `${newFolder()}/text`;
  const text = 'one\r\ntwo ü€𝄞\n\0end';
  const info = await sdk.files.write(path, text);
  assert.deepEqual([info.name, info.path, info.type], ['text', path, 'file']);
  assert.equal(await sdk.files.read(path), text);
});

test('bytes come back as they were written, in every form', async ({ sdk }) => {
  const path = `${newFolder()}/bytes`;
  const bytes = randomBytes(300_000);
  const expected = sha256(bytes);
  const forms = {
    buffer: () => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    blob: () => new Blob([bytes]),
    stream: () => inPieces(bytes),
  };
  for (const [form, make] of Object.entries(forms)) {
    await sdk.files.write(path, make());
    assert.equal(await sum(sdk, path), expected, `written as ${form}`);
  }
  assert.equal(sha256(await sdk.files.read(path, { format: 'bytes' })), expected);
  assert.equal(sha256(Buffer.from(await (await sdk.files.read(path, { format: 'blob' })).arrayBuffer())), expected);
  assert.equal(sha256(await collect(await sdk.files.read(path, { format: 'stream' }))), expected);
});

test('50 MB go in and out as a stream', async ({ sdk }) => {
  const path = `${newFolder()}/large`;
  const bytes = randomBytes(50 << 20);
  await sdk.files.write(path, inPieces(bytes, 1 << 20));
  assert.equal(await sum(sdk, path), sha256(bytes));
  assert.equal(sha256(await collect(await sdk.files.read(path, { format: 'stream' }))), sha256(bytes));
});

test('what is compressed on its way is not in the end', async ({ sdk }) => {
  const path = `${newFolder()}/packed`;
  const text = 'packed '.repeat(50_000);
  await sdk.files.write(path, text, { gzip: true });
  assert.equal(await sum(sdk, path), sha256(text));
  assert.equal(await sdk.files.read(path, { gzip: true }), text);
});

test('an empty file is empty in every form', async ({ sdk }) => {
  const path = `${newFolder()}/empty`;
  await sdk.files.write(path, '');
  assert.equal(await sdk.files.read(path), '');
  assert.equal((await sdk.files.read(path, { format: 'bytes' })).length, 0);
  assert.equal((await sdk.files.read(path, { format: 'blob' })).size, 0);
  assert.equal((await collect(await sdk.files.read(path, { format: 'stream' }))).length, 0);
});

test('writing replaces all that was there', async ({ sdk }) => {
  const path = `${newFolder()}/replaced`;
  await sdk.files.write(path, 'long before');
  await sdk.files.write(path, 'short');
  assert.equal(await sdk.files.read(path), 'short');
});

test('a file that is written to keeps its mode', async ({ sdk }) => {
  const path = `${newFolder()}/script`;
  await sdk.files.write(path, 'echo 1');
  await sdk.commands.run(`chmod 750 ${path}`);
  await sdk.files.write(path, 'echo 2');
  assert.equal((await sdk.files.getInfo(path)).mode, 0o750);
});

test('a relative path begins in the user’s home, as does ~', async ({ sdk, home }) => {
  const name = unique();
  assert.equal((await sdk.files.write(`${name}/file`, 'x')).path, `${home}/${name}/file`);
  assert.equal(await sdk.files.read(`~/${name}/file`), 'x');
  assert.equal((await sdk.files.list(name))[0].path, `${home}/${name}/file`);
});

test('what is written belongs to the user, the folders above it too', async ({ sdk, user }) => {
  const folder = newFolder();
  await sdk.files.write(`${folder}/a/b`, 'x');
  for (const path of [folder, `${folder}/a`, `${folder}/a/b`]) {
    const info = await sdk.files.getInfo(path);
    assert.deepEqual([info.owner, info.group], [user, user], path);
  }
});

test('names may be what names may be', async ({ sdk }) => {
  const folder = newFolder();
  const names = ['a b', 'ü€𝄞', '%41+&?#=', `'"\`$(x)`, '-n', '*', 'back\\slash', 'new\nline'];
  for (const name of names)
    assert.equal((await sdk.files.write(`${folder}/${name}`, name)).path, `${folder}/${name}`);
  assert.deepEqual((await sdk.files.list(folder)).map(entry => entry.name).sort(), [...names].sort());
  for (const name of names)
    assert.equal(await sdk.files.read(`${folder}/${name}`), name);
});

test('many files in one call', async ({ sdk }) => {
  const folder = newFolder();
  const files = Array.from({ length: 200 }, (_, i) => ({ path: `${folder}/${i % 7}/datei ${i} ü`, data: `content ${i}` }));
  const written = await sdk.files.writeFiles(files);
  assert.deepEqual(written.map(({ path, type }) => [path, type]), files.map(({ path }) => [path, 'file']));
  const { stdout } = await sdk.commands.run(`cat ${folder}/*/* | wc -c`);
  assert.equal(stdout, `${files.reduce((total, { data }) => total + data.length, 0)}\n`);
  assert.equal(await sdk.files.read(files[123].path), 'content 123');
});

test('many files as streams', async ({ sdk }) => {
  const folder = newFolder();
  const files = Array.from({ length: 20 }, (_, i) => ({ path: `${folder}/${i}`, data: inPieces(Buffer.from(`content ${i}`), 3) }));
  assert.equal((await sdk.files.writeFiles(files)).length, 20);
  assert.equal(await sdk.files.read(`${folder}/19`), 'content 19');
});

test('no files are no error', async ({ sdk }) => {
  assert.deepEqual(await sdk.files.writeFiles([]), []);
});

test('a folder’s entries are listed, as deep as asked', async ({ sdk }) => {
  const folder = newFolder();
  await sdk.files.writeFiles([{ path: `${folder}/b`, data: '12345' }, { path: `${folder}/a/c`, data: '' }, { path: `${folder}/a/d/e`, data: '' }]);
  const list = async depth => (await sdk.files.list(folder, depth && { depth })).map(({ path, type }) => `${type} ${path.slice(folder.length + 1)}`).sort();
  assert.deepEqual(await list(), ['dir a', 'file b']);
  assert.deepEqual(await list(1), ['dir a', 'file b']);
  assert.deepEqual(await list(2), ['dir a', 'dir a/d', 'file a/c', 'file b']);
  assert.deepEqual(await list(9), ['dir a', 'dir a/d', 'file a/c', 'file a/d/e', 'file b']);
  assert.equal((await sdk.files.list(folder)).find(entry => entry.name === 'b').size, 5);
});

test('an empty folder has no entries; what is none has no list', async ({ sdk }) => {
  const folder = newFolder();
  await sdk.files.makeDir(folder);
  assert.deepEqual(await sdk.files.list(folder), []);
  await assert.rejects(sdk.files.list(`${folder}/missing`), FileNotFoundError);
  await sdk.files.write(`${folder}/file`, '');
  await assert.rejects(sdk.files.list(`${folder}/file`), InvalidArgumentError);
});

test('what exists exists', async ({ sdk }) => {
  const folder = newFolder();
  await sdk.files.write(`${folder}/file`, '');
  assert.equal(await sdk.files.exists(folder), true);
  assert.equal(await sdk.files.exists(`${folder}/file`), true);
  assert.equal(await sdk.files.exists(`${folder}/missing`), false);
  assert.equal(await sdk.files.exists(`${folder}/missing/too`), false);
});

test('a file’s facts', async ({ sdk, user }) => {
  const path = `${newFolder()}/facts`;
  await sdk.files.write(path, '12345');
  await sdk.commands.run(`chmod 640 ${path}; touch -d '2001-02-03 04:05:06.789 UTC' ${path}`);
  const info = await sdk.files.getInfo(path);
  assert.deepEqual(
    [info.name, info.path, info.type, info.size, info.mode, info.permissions, info.owner, info.group, info.symlinkTarget, info.modifiedTime.toISOString()],
    ['facts', path, FileType.FILE, 5, 0o640, '-rw-r-----', user, user, undefined, '2001-02-03T04:05:06.789Z']);
});

test('a folder’s facts', async ({ sdk }) => {
  const path = newFolder();
  await sdk.files.makeDir(path);
  await sdk.commands.run(`chmod 750 ${path}`);
  const info = await sdk.files.getInfo(path);
  assert.deepEqual([info.type, info.mode, info.permissions, info.symlinkTarget], [FileType.DIR, 0o750, 'drwxr-x---', undefined]);
});

test('a link says where it leads', async ({ sdk }) => {
  const folder = newFolder();
  await sdk.files.write(`${folder}/target`, '12345');
  await sdk.commands.run(`cd ${folder}; ln -s ${folder}/target link; ln -s /no/where dangling; ln -s ${folder} folder`);
  const link = await sdk.files.getInfo(`${folder}/link`);
  assert.deepEqual([link.name, link.path, link.symlinkTarget], ['link', `${folder}/link`, `${folder}/target`]);
  assert.equal(link.type, FileType.FILE);
  assert.equal((await sdk.files.getInfo(`${folder}/folder`)).type, FileType.DIR);
  const dangling = await sdk.files.getInfo(`${folder}/dangling`);
  assert.deepEqual([dangling.type, dangling.symlinkTarget], [FileType.SYMLINK, '/no/where']);
  assert.equal(await sdk.files.read(`${folder}/link`), '12345');
});

test('facts of what is not there', async ({ sdk }) => {
  await assert.rejects(sdk.files.getInfo('/no/such'), error => error instanceof FileNotFoundError && error.message.includes('/no/such'));
});

test('a folder is made once, with those above it', async ({ sdk }) => {
  const folder = newFolder();
  assert.equal(await sdk.files.makeDir(`${folder}/a/b`), true);
  assert.equal(await sdk.files.makeDir(`${folder}/a/b`), false);
  assert.equal((await sdk.files.getInfo(`${folder}/a`)).type, FileType.DIR);
  await sdk.files.write(`${folder}/file`, '');
  await assert.rejects(sdk.files.makeDir(`${folder}/file`), InvalidArgumentError);
  await assert.rejects(sdk.files.makeDir(`${folder}/file/below`), SandboxError);
});

test('renaming tells what became of it', async ({ sdk }) => {
  const folder = newFolder();
  await sdk.files.write(`${folder}/old`, '12345');
  const info = await sdk.files.rename(`${folder}/old`, `${folder}/new`);
  assert.deepEqual([info.name, info.path, info.type, info.size], ['new', `${folder}/new`, FileType.FILE, 5]);
  assert.equal(await sdk.files.exists(`${folder}/old`), false);
  assert.equal(await sdk.files.read(`${folder}/new`), '12345');
});

test('a folder is renamed with all that is in it', async ({ sdk }) => {
  const folder = newFolder();
  await sdk.files.write(`${folder}/old/a/b`, 'x');
  assert.equal((await sdk.files.rename(`${folder}/old`, `${folder}/new`)).type, FileType.DIR);
  assert.equal(await sdk.files.read(`${folder}/new/a/b`), 'x');
});

test('renaming goes into folders that are not there yet', async ({ sdk }) => {
  const folder = newFolder();
  await sdk.files.write(`${folder}/old`, 'x');
  await sdk.files.rename(`${folder}/old`, `${folder}/not/yet/there`);
  assert.equal(await sdk.files.read(`${folder}/not/yet/there`), 'x');
});

test('renaming replaces a file, and never a folder with something in it', async ({ sdk }) => {
  const folder = newFolder();
  await sdk.files.writeFiles([{ path: `${folder}/new`, data: 'new' }, { path: `${folder}/old`, data: 'old' }, { path: `${folder}/full/file`, data: '' }]);
  await sdk.files.rename(`${folder}/new`, `${folder}/old`);
  assert.equal(await sdk.files.read(`${folder}/old`), 'new');
  await assert.rejects(sdk.files.rename(`${folder}/old`, `${folder}/full`), SandboxError);
  assert.equal(await sdk.files.exists(`${folder}/full/file`), true);
});

test('renaming across file systems takes everything along, and leaves nothing', async ({ sdk }) => {
  const folder = newFolder();
  const elsewhere = `/dev/shm/${unique()}`;
  await sdk.files.writeFiles([{ path: `${folder}/file`, data: 'x' }, { path: `${folder}/a/b`, data: 'y' }]);
  await sdk.files.rename(folder, elsewhere);
  assert.deepEqual([await sdk.files.read(`${elsewhere}/file`), await sdk.files.read(`${elsewhere}/a/b`)], ['x', 'y']);
  assert.equal(await sdk.files.exists(folder), false);
  await sdk.files.remove(elsewhere);
});

test('what is not there cannot be renamed', async ({ sdk }) => {
  await assert.rejects(sdk.files.rename('/tmp/no-such', '/tmp/other'), FileNotFoundError);
});

test('removing takes files, and folders with all that is in them', async ({ sdk }) => {
  const folder = newFolder();
  await sdk.files.writeFiles([{ path: `${folder}/file`, data: '' }, { path: `${folder}/a/b/c`, data: '' }]);
  await sdk.files.remove(`${folder}/file`);
  assert.deepEqual((await sdk.files.list(folder)).map(entry => entry.name), ['a']);
  await sdk.files.remove(folder);
  assert.equal(await sdk.files.exists(folder), false);
});

test('removing a link leaves what it leads to', async ({ sdk }) => {
  const folder = newFolder();
  await sdk.files.write(`${folder}/target/file`, 'x');
  await sdk.commands.run(`ln -s ${folder}/target ${folder}/link`);
  await sdk.files.remove(`${folder}/link`);
  assert.equal(await sdk.files.exists(`${folder}/link`), false);
  assert.equal(await sdk.files.read(`${folder}/target/file`), 'x');
});

test('removing what is not there is no error', async ({ sdk }) => {
  await sdk.files.remove('/tmp/no-such-file');
});

test('reading what is not there, or is a folder, is told apart', async ({ sdk }) => {
  await assert.rejects(sdk.files.read('/no/such'), error => error instanceof FileNotFoundError && error instanceof NotFoundError && error.message.includes('/no/such'));
  await assert.rejects(sdk.files.read('/no/such', { format: 'stream' }), FileNotFoundError);
  await assert.rejects(sdk.files.read('/tmp'), InvalidArgumentError);
});

test('writing where a folder is, or below a file, is refused', async ({ sdk }) => {
  const folder = newFolder();
  await sdk.files.write(`${folder}/file`, 'kept');
  await assert.rejects(sdk.files.write(folder, 'x'), InvalidArgumentError);
  await assert.rejects(sdk.files.write(folder, inPieces(Buffer.from('x'))), InvalidArgumentError);
  await assert.rejects(sdk.files.write(`${folder}/file/below`, 'x'), SandboxError);
  assert.equal(await sdk.files.read(`${folder}/file`), 'kept');
});

test('the user’s rights are the limit', async ({ sdk }) => {
  const denied = error => error instanceof SandboxError && /403|permission_denied/.test(error.message);
  await assert.rejects(sdk.files.write('/etc/passwd', 'x'), denied);
  await assert.rejects(sdk.files.write('/etc/new-file', 'x'), denied);
  await assert.rejects(sdk.files.read('/etc/shadow'), denied);
  await assert.rejects(sdk.files.makeDir('/etc/new-folder'), denied);
  await assert.rejects(sdk.files.remove('/etc/passwd'), denied);
  await assert.rejects(sdk.files.rename('/etc/passwd', '/tmp/passwd'), denied);
});

test('another user’s files are not to be had by naming him', async ({ sdk, user }) => {
  const path = `${newFolder()}/named`;
  await sdk.files.write(path, 'x', { user });
  assert.equal(await sdk.files.read(path, { user }), 'x');
  await assert.rejects(sdk.files.write(path, 'y', { user: 'root' }));
  await assert.rejects(sdk.files.read(path, { user: 'root' }));
  await assert.rejects(sdk.files.getInfo(path, { user: 'root' }));
  assert.equal(await sdk.files.read(path), 'x');
});

test('a path that leads up, has a NUL or no end is refused', async ({ sdk }) => {
  for (const path of ['/tmp/../etc/passwd', '../x', 'a\0b', `/tmp/${'x/'.repeat(3_000)}`]) {
    await assert.rejects(sdk.files.read(path), InvalidArgumentError);
    await assert.rejects(sdk.files.write(path, 'x'), InvalidArgumentError);
    await assert.rejects(sdk.files.getInfo(path), InvalidArgumentError);
    await assert.rejects(sdk.files.makeDir(path), InvalidArgumentError);
    await assert.rejects(sdk.files.remove(path), InvalidArgumentError);
  }
});

test('a disk that is full is told', async ({ sdk }) => {
  const path = `/dev/shm/${unique()}`;
  const tooMuch = new Blob(Array(80).fill(new Uint8Array(1 << 20))); // the engine gives /dev/shm 64 MB
  await assert.rejects(sdk.files.write(path, tooMuch), NotEnoughSpaceError);
  await sdk.files.remove(path);
  assert.equal(await sdk.files.exists(path), false);
});
