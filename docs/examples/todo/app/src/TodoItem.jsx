export default function TodoItem({ todo, onToggle, onRemove }) {
  return (
    <li className="group flex items-center gap-1 pr-2 pl-1">
      <label className="flex min-h-14 min-w-0 flex-1 cursor-pointer items-center gap-3 px-3 py-2">
        <input
          type="checkbox"
          checked={todo.done}
          onChange={onToggle}
          className="size-6 shrink-0 cursor-pointer rounded accent-emerald-700 dark:accent-emerald-500"
        />
        <span className={`min-w-0 break-words text-lg ${todo.done ? 'text-stone-500 line-through dark:text-stone-400' : ''}`}>{todo.title}</span>
      </label>
      <button
        type="button"
        aria-label={`Remove ${todo.title}`}
        onClick={onRemove}
        className="grid size-11 shrink-0 place-items-center rounded-lg text-stone-500 hover:bg-red-50 hover:text-red-700 dark:text-stone-400 dark:hover:bg-red-950 dark:hover:text-red-300"
      >
        <svg aria-hidden="true" viewBox="0 0 20 20" className="size-5 fill-none stroke-current stroke-2 [stroke-linecap:round]">
          <path d="m5 5 10 10M15 5 5 15" />
        </svg>
      </button>
    </li>
  );
}
