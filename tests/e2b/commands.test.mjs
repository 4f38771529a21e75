// Commands that one waits for.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { AuthenticationError, CommandExitError, InvalidArgumentError, SandboxError } from 'e2b';
import { commandLines, inSandbox, sleep, unique } from './support.mjs';

const test = inSandbox();

const md5 = data => createHash('md5').update(data).digest('hex');

test('a command gives its exit code, its output and its errors apart', async ({ sdk }) => {
  const result = await sdk.commands.run('echo out; echo err >&2; echo more');
  assert.deepEqual(result, { exitCode: 0, error: undefined, stdout: 'out\nmore\n', stderr: 'err\n' });
});

test('a command that fails is a CommandExitError with all that it wrote', async ({ sdk }) => {
  await assert.rejects(sdk.commands.run('echo out; echo err >&2; exit 3'), error => {
    assert.ok(error instanceof CommandExitError);
    assert.deepEqual([error.exitCode, error.stdout, error.stderr], [3, 'out\n', 'err\n']);
    assert.match(error.message, /\b3\b/);
    return true;
  });
});

test('a command that a signal ended has 128 and its number for an exit code', async ({ sdk }) => {
  await assert.rejects(sdk.commands.run('echo before; kill -KILL $$'), error => {
    assert.ok(error instanceof CommandExitError);
    assert.deepEqual([error.exitCode, error.stdout], [137, 'before\n']);
    assert.match(error.message, /killed/);
    return true;
  });
});

test('a program that is not there has exit code 127', async ({ sdk }) => {
  await assert.rejects(sdk.commands.run('no-such-program'), error => error instanceof CommandExitError && error.exitCode === 127 && /no-such-program/.test(error.stderr));
});

test('variables arrive as they are', async ({ sdk, user, home }) => {
  const envs = { PLAIN: 'x y', QUOTES: `'"\`$HOME\\`, LINES: 'a\nb\n', SCRIPTS: 'ü€𝄞', EMPTY: '' };
  const { stdout } = await sdk.commands.run('printf "%s\\0" "$PLAIN" "$QUOTES" "$LINES" "$SCRIPTS" "${EMPTY-unset}" "$USER" "$HOME"', { envs });
  assert.deepEqual(stdout.split('\0'), [...Object.values(envs), user, home, '']);
});

test('variables of one command are not the next one’s', async ({ sdk }) => {
  await sdk.commands.run('true', { envs: { ONCE: '1' } });
  assert.equal((await sdk.commands.run('echo ${ONCE-unset}')).stdout, 'unset\n');
});

test('the token is nowhere to be seen in the sandbox', async ({ sdk, token }) => {
  const { stdout } = await sdk.commands.run('env; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2> /dev/null; true');
  assert.ok(stdout.includes('HOME='));
  assert.ok(!stdout.includes(token));
});

test('what runs in the sandbox cannot look into the agent', async ({ sdk }) => {
  for (const file of ['environ', 'mem', 'maps', 'fd/0'])
    await assert.rejects(sdk.commands.run(`cat /proc/1/${file} < /dev/null`), error => error instanceof CommandExitError && /denied/i.test(error.stderr), file);
});

test('a command starts in the sandbox’s working directory, or where it is told to', async ({ sdk, workingDirectory }) => {
  assert.equal((await sdk.commands.run('pwd')).stdout, `${workingDirectory}\n`);
  assert.equal((await sdk.commands.run('pwd', { cwd: '/usr/bin' })).stdout, '/usr/bin\n');
});

test('a folder to start in that is not there is named', async ({ sdk }) => {
  await assert.rejects(sdk.commands.run('true', { cwd: '/no/such/folder' }), error => error instanceof InvalidArgumentError && error.message.includes('/no/such/folder'));
});

test('a file to start in is refused', async ({ sdk }) => {
  await assert.rejects(sdk.commands.run('true', { cwd: '/etc/passwd' }), InvalidArgumentError);
});

test('the user can be named; another one is refused, and never taken for the first', async ({ sdk, user }) => {
  assert.equal((await sdk.commands.run('id -un', { user })).stdout, `${user}\n`);
  await assert.rejects(sdk.commands.run('id -un', { user: 'root' }), error => error instanceof AuthenticationError || error instanceof SandboxError);
});

test('a command without input finds its end', async ({ sdk }) => {
  assert.equal((await sdk.commands.run('cat; echo end')).stdout, 'end\n');
});

test('more output than is kept arrives whole at who listens', async ({ sdk }) => {
  const { stdout, stderr } = await sdk.commands.run('head -c 12582912 /dev/zero | tr "\\0" x; echo; head -c 1048576 /dev/zero | tr "\\0" e >&2; echo end');
  assert.equal(stdout.length, 12_582_912 + 1 + 4);
  assert.ok(stdout.endsWith('x\nend\n'));
  assert.equal(stderr.length, 1_048_576);
});

test('a listener that is slow loses nothing', async ({ sdk }) => {
  let chunks = 0;
  const { stdout } = await sdk.commands.run('seq 1500000', {
    onStdout: async () => {
      if (++chunks <= 25)
        await sleep(40);
    },
  });
  let expected = '';
  for (let i = 1; i <= 1_500_000; i++)
    expected += `${i}\n`;
  assert.equal(md5(stdout), md5(expected));
});

test('characters that arrive in pieces are put together', async ({ sdk }) => {
  const heard = [];
  const { stdout, stderr } = await sdk.commands.run(
    String.raw`printf 'a\xe2'; sleep 0.1; printf '\x82'; sleep 0.1; printf '\xacb'; printf '\xf0\x9d' >&2; sleep 0.1; printf '\x84\x9e' >&2`,
    { onStdout: text => heard.push(text) });
  assert.deepEqual([stdout, stderr, heard.join('')], ['a€b', '𝄞', 'a€b']);
});

test('long text of characters of all lengths arrives unharmed', async ({ sdk }) => {
  const { stdout } = await sdk.commands.run(`python3 -c "print('aü€𝄞' * 200000, end='')"`);
  assert.ok(stdout === 'aü€𝄞'.repeat(200_000));
});

test('bytes that are no text become replacement characters', async ({ sdk }) => {
  assert.equal((await sdk.commands.run(String.raw`printf 'a\xffb\xe2'`)).stdout, 'a\ufffdb\ufffd');
});

test('output comes while the command runs, in its order', async ({ sdk }) => {
  const file = `/tmp/${unique()}`;
  const heard = [];
  const hear = stream => async text => {
    heard.push([stream, text]);
    await sdk.files.write(`${file}-${text.trim()}`, ''); // it goes on when it was heard
  };
  const after = word => `until [ -e ${file}-${word} ]; do sleep 0.02; done`;
  await sdk.commands.run(`echo one; ${after('one')}; echo two >&2; ${after('two')}; echo three`, { onStdout: hear('out'), onStderr: hear('err') });
  assert.deepEqual(heard, [['out', 'one\n'], ['err', 'two\n'], ['out', 'three\n']]);
});

test('a child that goes on, and holds the output, delays nothing', async ({ sdk }) => {
  const word = unique();
  const start = Date.now();
  const { stdout } = await sdk.commands.run(`(exec -a ${word} sleep 300) & echo $!`);
  assert.ok(Date.now() - start < 5_000);

  const pid = stdout.trim();
  assert.match(pid, /^\d+$/);
  assert.ok((await commandLines(sdk)).some(line => line.startsWith(word)), 'the child is gone');
  await sdk.commands.run(`kill ${pid}`);
});

test('a hundred commands side by side get their own output each', async ({ sdk }) => {
  const results = await Promise.all(Array.from({ length: 100 }, (_, i) => sdk.commands.run(`echo ${i}; echo -${i} >&2`)));
  assert.deepEqual(results.map(({ stdout, stderr }) => `${stdout}${stderr}`), Array.from({ length: 100 }, (_, i) => `${i}\n-${i}\n`));
});

test('a command of 100 KB is run, one that the kernel does not take is refused, and the agent goes on', async ({ sdk }) => {
  assert.equal((await sdk.commands.run(`echo ${'x'.repeat(100_000)} | wc -c`)).stdout, '100001\n');
  await assert.rejects(sdk.commands.run(`echo ${'x'.repeat(200_000)}`), SandboxError);
  assert.equal((await sdk.commands.run('echo still here')).stdout, 'still here\n');
});

test('a NUL in a command is refused', async ({ sdk }) => {
  await assert.rejects(sdk.commands.run('echo a\0b'), InvalidArgumentError);
  await assert.rejects(sdk.commands.run('true', { envs: { A: '\0' } }), InvalidArgumentError);
});
