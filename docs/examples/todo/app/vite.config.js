import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { answer } from './server/api.js';
import { Todos } from './server/todos.js';

// The API lives in the dev server: one process, one port, one thing to start.
const api = {
  name: 'todo-api',
  configureServer(server) {
    const todos = new Todos(process.env.TODO_DB ?? 'todo.db');
    server.httpServer?.once('close', () => todos.close());
    server.middlewares.use((request, response, next) => answer(todos, request, response, next));
  },
};

// Listening on every address is what makes the server reachable from outside of its sandbox.
export default defineConfig({
  plugins: [react(), tailwindcss(), api],
  server: { host: true, port: 5173, strictPort: true },
});
