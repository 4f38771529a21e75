export const filters = {
  All: () => true,
  Open: (todo) => !todo.done,
  Done: (todo) => todo.done,
};

export default function Filters({ current, onChoose }) {
  return (
    <div role="group" aria-label="Show" className="flex">
      {Object.keys(filters).map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === current}
          onClick={() => onChoose(name)}
          className="min-h-11 rounded-lg px-3 text-sm text-stone-600 hover:text-stone-900 aria-pressed:bg-stone-100 aria-pressed:font-semibold aria-pressed:text-stone-900 dark:text-stone-400 dark:hover:text-stone-100 dark:aria-pressed:bg-stone-800 dark:aria-pressed:text-stone-100"
        >
          {name}
        </button>
      ))}
    </div>
  );
}
