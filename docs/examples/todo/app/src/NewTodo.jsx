import { useState } from 'react';

export default function NewTodo({ onAdd }) {
  const [title, setTitle] = useState('');

  async function submit(event) {
    event.preventDefault();
    // Not what was typed meanwhile.
    if (title.trim() && (await onAdd(title))) setTitle((now) => (now === title ? '' : now));
  }

  return (
    <form onSubmit={submit} className="flex gap-2">
      <input
        aria-label="What is to be done?"
        placeholder="What is to be done?"
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        maxLength={200}
        autoComplete="off"
        enterKeyHint="done"
        className="min-h-12 min-w-0 flex-1 rounded-xl bg-white px-4 text-lg shadow-sm ring-1 ring-stone-900/10 placeholder:text-stone-500 dark:bg-stone-900 dark:ring-white/15 dark:placeholder:text-stone-400"
      />
      <button
        type="submit"
        className="min-h-12 rounded-xl bg-emerald-700 px-5 font-semibold text-white shadow-sm hover:bg-emerald-800 active:scale-95 motion-safe:transition"
      >
        Add
      </button>
    </form>
  );
}
