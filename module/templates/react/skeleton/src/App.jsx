export default function App() {
  return (
    <main className="grid min-h-dvh place-content-center gap-3 bg-slate-50 p-6 text-center text-slate-900 dark:bg-slate-900 dark:text-slate-50">
      <h1 className="text-3xl font-semibold">It works.</h1>
      <p className="text-slate-600 dark:text-slate-300">Edit src/App.jsx: this page follows, without a reload.</p>
    </main>
  );
}
