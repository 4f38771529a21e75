// Folders that are watched.

import assert from 'node:assert/strict';
import { FileNotFoundError, FilesystemEventType as Event, InvalidArgumentError, TimeoutError } from 'e2b';
import { eventually, inSandbox, sleep, unique } from './support.mjs';

const test = inSandbox();

// Watches a new folder, and tells what was seen as 'type name'.
async function watch(sdk, options) {
  const folder = `/tmp/${unique('watched')}`;
  await sdk.files.makeDir(folder);
  const seen = [], entries = [];
  const handle = await sdk.files.watchDir(folder, event => {
    seen.push(`${event.type} ${event.name}`);
    entries.push(event);
  }, options);
  return { folder, seen, entries, handle, expect: event => eventually(`${event}; seen: ${seen.join(', ')}`, () => seen.includes(event)) };
}

test('what comes, changes, moves and goes is seen, in its order', async ({ sdk }) => {
  const { folder, seen, handle, expect } = await watch(sdk);
  await sdk.commands.run(`: > ${folder}/one`);
  await expect(`${Event.CREATE} one`);
  await sdk.commands.run(`echo x >> ${folder}/one`);
  await expect(`${Event.WRITE} one`);
  await sdk.commands.run(`chmod 600 ${folder}/one`);
  await expect(`${Event.CHMOD} one`);
  await sdk.files.rename(`${folder}/one`, `${folder}/two`);
  await expect(`${Event.CREATE} two`);
  await sdk.files.remove(`${folder}/two`);
  await expect(`${Event.REMOVE} two`);
  await handle.stop();

  const first = event => seen.indexOf(event);
  assert.ok(first(`${Event.RENAME} one`) >= 0, seen.join());
  const order = ['create one', 'write one', 'rename one', 'create two', 'remove two'].map(first);
  assert.deepEqual(order, [...order].sort((a, b) => a - b), seen.join());
});

test('what the SDK writes is seen', async ({ sdk }) => {
  const { folder, handle, expect } = await watch(sdk);
  await sdk.files.write(`${folder}/file`, 'x');
  await expect(`${Event.CREATE} file`);
  await expect(`${Event.WRITE} file`);
  await handle.stop();
});

test('folders below are not watched unless asked for', async ({ sdk }) => {
  const { folder, seen, handle, expect } = await watch(sdk);
  await sdk.files.makeDir(`${folder}/below`);
  await expect(`${Event.CREATE} below`);
  await sdk.files.write(`${folder}/below/hidden`, 'x');
  await sdk.files.write(`${folder}/mark`, 'x');
  await expect(`${Event.WRITE} mark`);
  assert.ok(!seen.some(event => event.includes('hidden')), seen.join());
  await handle.stop();
});

test('folders below are watched where asked for, also new ones, with what comes in them at once', async ({ sdk }) => {
  const { folder, handle, expect } = await watch(sdk, { recursive: true });
  await sdk.commands.run(`mkdir -p ${folder}/new/deep && echo x > ${folder}/new/deep/file`);
  await expect(`${Event.CREATE} new`);
  await expect(`${Event.CREATE} new/deep`);
  await expect(`${Event.CREATE} new/deep/file`);
  await sdk.files.write(`${folder}/new/deep/file`, 'y');
  await expect(`${Event.WRITE} new/deep/file`);
  await sdk.files.remove(`${folder}/new/deep/file`);
  await expect(`${Event.REMOVE} new/deep/file`);
  await handle.stop();
});

test('folders that were there before are watched too', async ({ sdk }) => {
  const folder = `/tmp/${unique('watched')}`;
  await sdk.files.makeDir(`${folder}/a/b`);
  const seen = [];
  const handle = await sdk.files.watchDir(folder, event => seen.push(`${event.type} ${event.name}`), { recursive: true });
  await sdk.files.write(`${folder}/a/b/file`, 'x');
  await eventually('the file is seen', () => seen.includes(`${Event.CREATE} a/b/file`));
  await handle.stop();
});

test('events bear their entry where asked for', async ({ sdk, user }) => {
  const { folder, entries, handle, expect } = await watch(sdk, { includeEntry: true });
  await sdk.files.write(`${folder}/file`, '12345');
  // Entries are as they were found at the time of their event: the last one has it all.
  const last = () => entries.findLast(event => event.type === Event.WRITE)?.entry;
  await eventually('the whole file', () => last()?.size === 5);
  assert.deepEqual([last().name, last().path, last().owner], ['file', `${folder}/file`, user]);
  await sdk.files.remove(`${folder}/file`);
  await expect(`${Event.REMOVE} file`);
  assert.equal(entries.find(event => event.type === Event.REMOVE).entry, undefined);
  await handle.stop();
});

test('a thousand files at once are all seen', async ({ sdk }) => {
  const { folder, seen, handle } = await watch(sdk);
  await sdk.commands.run(`cd ${folder}; for i in $(seq 1000); do : > $i; done`);
  await eventually('all of them', () => new Set(seen.filter(event => event.startsWith(Event.CREATE))).size === 1000);
  await handle.stop();
});

test('after a stop nothing is told', async ({ sdk }) => {
  const { folder, seen, handle } = await watch(sdk);
  await handle.stop();
  await sdk.files.write(`${folder}/file`, 'x');
  await sleep(300);
  assert.deepEqual(seen, []);
});

test('a watch ends by its time, and says so', async ({ sdk }) => {
  let end;
  const ended = new Promise(resolve => { end = resolve; });
  await watch(sdk, { timeoutMs: 1_500, onExit: end });
  assert.ok(await ended instanceof TimeoutError);
});

test('what is not there, or is no folder, cannot be watched', async ({ sdk }) => {
  await assert.rejects(sdk.files.watchDir('/no/such', () => {}), FileNotFoundError);
  await assert.rejects(sdk.files.watchDir('/etc/passwd', () => {}), InvalidArgumentError);
});
