export default function Progress({ done, total }) {
  return (
    <div className="flex flex-col items-end gap-2 pb-1">
      <p role="status" className="text-sm text-stone-600 dark:text-stone-400">{done} of {total} done</p>
      <div aria-hidden="true" className="h-1.5 w-28 overflow-hidden rounded-full bg-stone-300 dark:bg-stone-700">
        <div className="h-full rounded-full bg-emerald-700 motion-safe:transition-all dark:bg-emerald-500" style={{ width: `${(100 * done) / total}%` }} />
      </div>
    </div>
  );
}
