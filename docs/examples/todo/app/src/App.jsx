import { useEffect, useState } from 'react';
import * as api from './api.js';
import Filters, { filters } from './Filters.jsx';
import NewTodo from './NewTodo.jsx';
import Progress from './Progress.jsx';
import TodoItem from './TodoItem.jsx';

export default function App() {
  const [todos, setTodos] = useState(null);
  const [filter, setFilter] = useState('All');
  const [problem, setProblem] = useState('');

  // Whatever was asked for, what the server has afterwards is what is shown.
  async function after(request) {
    try {
      await request;
      setTodos(await api.list());
      setProblem('');
      return true;
    } catch (error) {
      setProblem(error.message);
      return false;
    }
  }

  useEffect(() => { after(); }, []);

  const done = todos?.filter((todo) => todo.done).length ?? 0;
  const shown = todos?.filter(filters[filter]) ?? [];

  return (
    <main className="mx-auto flex min-h-dvh max-w-xl flex-col gap-6 px-4 py-8 sm:px-6 sm:py-16">
      <header className="flex items-end justify-between gap-4 px-1">
        <h1 className="text-4xl font-bold tracking-tight">To do</h1>
        {todos?.length > 0 && <Progress done={done} total={todos.length} />}
      </header>

      <NewTodo onAdd={(title) => after(api.add(title))} />

      <p role="alert" className="px-1 font-medium text-red-700 empty:hidden dark:text-red-400">{problem}</p>

      {todos && (
        <section aria-label="Todos" className="rounded-2xl bg-white shadow-sm ring-1 ring-stone-900/5 dark:bg-stone-900 dark:ring-white/10">
          {shown.length > 0 ? (
            <ul className="divide-y divide-stone-200 dark:divide-stone-800">
              {shown.map((todo) => (
                <TodoItem
                  key={todo.id}
                  todo={todo}
                  onToggle={() => after(api.change(todo.id, { done: !todo.done }))}
                  onRemove={() => after(api.remove(todo.id))}
                />
              ))}
            </ul>
          ) : (
            <p className="px-6 py-12 text-center text-stone-600 dark:text-stone-400">
              {todos.length === 0 ? 'Nothing to do. Add something, or enjoy it.' : `Nothing here: no todo is ${filter.toLowerCase()}.`}
            </p>
          )}
          {todos.length > 0 && (
            <footer className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-stone-200 px-3 py-2 dark:border-stone-800">
              <Filters current={filter} onChoose={setFilter} />
              {done > 0 && (
                <button
                  type="button"
                  onClick={() => after(api.removeDone())}
                  className="min-h-11 rounded-lg px-3 text-sm text-stone-600 hover:bg-stone-100 hover:text-stone-900 dark:text-stone-400 dark:hover:bg-stone-800 dark:hover:text-stone-100"
                >
                  Clear done
                </button>
              )}
            </footer>
          )}
        </section>
      )}
    </main>
  );
}
