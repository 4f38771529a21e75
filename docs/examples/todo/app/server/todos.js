import { DatabaseSync } from 'node:sqlite';

/** The list, in an SQLite file. */
export class Todos {
  #database;

  constructor(file) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(
      'CREATE TABLE IF NOT EXISTS todos (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0)',
    );
  }

  /** All of them, the oldest first. */
  list() {
    return this.#database.prepare('SELECT id, title, done FROM todos ORDER BY id').all().map(shape);
  }

  find(id) {
    const row = this.#database.prepare('SELECT id, title, done FROM todos WHERE id = ?').get(id);
    return row && shape(row);
  }

  add(title) {
    const { lastInsertRowid } = this.#database.prepare('INSERT INTO todos (title) VALUES (?)').run(title);
    return this.find(lastInsertRowid);
  }

  /** The changed one, or nothing where there is none with that id. */
  change(id, { title = null, done = null }) {
    this.#database
      .prepare('UPDATE todos SET title = coalesce(?, title), done = coalesce(?, done) WHERE id = ?')
      .run(title, done === null ? null : Number(done), id);
    return this.find(id);
  }

  /** Whether there was one. */
  remove(id) {
    return this.#database.prepare('DELETE FROM todos WHERE id = ?').run(id).changes > 0;
  }

  /** How many were done, and are gone now. */
  removeDone() {
    return Number(this.#database.prepare('DELETE FROM todos WHERE done = 1').run().changes);
  }

  close() {
    this.#database.close();
  }
}

const shape = (row) => ({ id: Number(row.id), title: row.title, done: row.done === 1 });
