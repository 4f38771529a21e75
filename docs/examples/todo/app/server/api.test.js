// The application's own tests: `node --test`, inside the sandbox.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { answer } from './api.js';
import { Todos } from './todos.js';

let todos;
let server;
let url;

before(async () => {
  server = createServer((request, response) =>
    answer(todos, request, response, () => response.writeHead(418).end()));
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${server.address().port}`;
});
beforeEach(() => { todos = new Todos(':memory:'); });
after(() => server.close());

async function call(method, path, body) {
  const response = await fetch(url + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await response.text();
  return [response.status, text && JSON.parse(text)];
}

test('a todo is added, done, renamed and removed', async () => {
  assert.deepEqual(await call('POST', '/api/todos', { title: '  Milk ' }), [201, { id: 1, title: 'Milk', done: false }]);
  assert.deepEqual(await call('PATCH', '/api/todos/1', { done: true }), [200, { id: 1, title: 'Milk', done: true }]);
  assert.deepEqual(await call('PATCH', '/api/todos/1', { title: 'Oat milk' }), [200, { id: 1, title: 'Oat milk', done: true }]);
  assert.deepEqual(await call('GET', '/health'), [200, { status: 'ok', todos: 1 }]);
  assert.deepEqual(await call('DELETE', '/api/todos/1'), [204, '']);
  assert.deepEqual(await call('GET', '/api/todos'), [200, []]);
});

test('what is done is removed at once, and nothing else', async () => {
  for (const title of ['one', 'two', 'three']) await call('POST', '/api/todos', { title });
  await call('PATCH', '/api/todos/1', { done: true });
  await call('PATCH', '/api/todos/3', { done: true });
  assert.deepEqual(await call('DELETE', '/api/todos/done'), [200, { deleted: 2 }]);
  assert.deepEqual((await call('GET', '/api/todos'))[1].map((todo) => todo.title), ['two']);
});

for (const [what, method, path, body, status] of [
  ['no title', 'POST', '/api/todos', {}, 400],
  ['a blank title', 'POST', '/api/todos', { title: ' ' }, 400],
  ['a title that is no text', 'POST', '/api/todos', { title: 1 }, 400],
  ['a title without end', 'POST', '/api/todos', { title: 'x'.repeat(201) }, 400],
  ['a body without end', 'POST', '/api/todos', { title: 'x'.repeat(20_000) }, 413],
  ['no object', 'POST', '/api/todos', null, 400],
  ['half done', 'PATCH', '/api/todos/1', { done: 0.5 }, 400],
  ['a change of nothing', 'PATCH', '/api/todos/7', { done: true }, 404],
  ['a removal of nothing', 'DELETE', '/api/todos/7', undefined, 404],
  ['another path', 'GET', '/api/secrets', undefined, 404],
]) {
  test(`${what} is refused, and said why`, async () => {
    const [got, content] = await call(method, path, body);
    assert.equal(got, status);
    assert.match(content.error, /\.$/);
    assert.deepEqual(todos.list(), []);
  });
}

test('titles are text, whatever they look like', async () => {
  const title = `'); DROP TABLE todos; -- <script>alert(1)</script>`;
  await call('POST', '/api/todos', { title });
  assert.equal((await call('GET', '/api/todos'))[1][0].title, title);
});

test('what is no API is left to the page', async () => {
  assert.equal((await fetch(`${url}/apiary`)).status, 418);
});
