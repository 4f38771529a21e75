async function ask(method, path, body) {
  const response = await fetch(`/api/todos${path}`, {
    method,
    headers: body && { 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  const content = text ? JSON.parse(text) : null;
  if (!response.ok) throw new Error(content?.error ?? `The server answered ${response.status}.`);
  return content;
}

export const list = () => ask('GET', '');
export const add = (title) => ask('POST', '', { title });
export const change = (id, changes) => ask('PATCH', `/${id}`, changes);
export const remove = (id) => ask('DELETE', `/${id}`);
export const removeDone = () => ask('DELETE', '/done');
