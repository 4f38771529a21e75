const LONGEST_TITLE = 200;
const LONGEST_BODY = 10_000;

class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Answers what begins with /api or is /health; everything else is the page's. */
export async function answer(todos, request, response, next) {
  const path = new URL(request.url, 'http://localhost').pathname;
  if (path !== '/health' && !path.startsWith('/api/')) return next();
  try {
    const { status = 200, content } = await route(todos, request, path);
    reply(response, status, content);
  } catch (error) {
    if (!(error instanceof Refusal)) return next(error);
    reply(response, error.status, { error: error.message });
  }
}

async function route(todos, request, path) {
  const [, id] = /^\/api\/todos\/(\d{1,15})$/.exec(path) ?? [];
  const where = id ? '/api/todos/ID' : path;
  switch (`${request.method} ${where}`) {
    case 'GET /health':
      return { content: { status: 'ok', todos: todos.list().length } };
    case 'GET /api/todos':
      return { content: todos.list() };
    case 'POST /api/todos':
      return { status: 201, content: todos.add(titleIn(await bodyOf(request))) };
    case 'DELETE /api/todos/done':
      return { content: { deleted: todos.removeDone() } };
    case 'PATCH /api/todos/ID': {
      const body = await bodyOf(request);
      const change = { done: doneIn(body), title: body.title === undefined ? undefined : titleIn(body) };
      return { content: todos.change(Number(id), change) ?? missing(id) };
    }
    case 'DELETE /api/todos/ID':
      return todos.remove(Number(id)) ? { status: 204 } : missing(id);
    default:
      throw new Refusal(404, `There is no ${request.method} ${path}.`);
  }
}

function missing(id) {
  throw new Refusal(404, `There is no todo ${id}.`);
}

function titleIn({ title }) {
  if (typeof title !== 'string' || !title.trim()) throw new Refusal(400, 'A todo needs a title.');
  if (title.trim().length > LONGEST_TITLE) throw new Refusal(400, `A title has at most ${LONGEST_TITLE} characters.`);
  return title.trim();
}

function doneIn({ done }) {
  if (done !== undefined && typeof done !== 'boolean') throw new Refusal(400, 'A todo is done, true or false.');
  return done;
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > LONGEST_BODY) throw new Refusal(413, 'That is too long.');
  }
  try {
    const body = JSON.parse(text);
    if (body && typeof body === 'object') return body;
  } catch {
    // Said below, as for everything else that is no object.
  }
  throw new Refusal(400, 'A JSON object is expected.');
}

function reply(response, status, content) {
  response.statusCode = status;
  if (content === undefined) return response.end();
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.end(JSON.stringify(content));
}
