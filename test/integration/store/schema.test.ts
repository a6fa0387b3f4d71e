import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrateJobs } from '../../../src/jobs/schema';
import { SESSION_STATES } from '../../../src/session/export-session';
import { Database, rows } from '../../../src/store/database';
import { isMigrated, migrate, migrationsDirectory } from '../../../src/store/migrations';
import { dumpSchema } from '../../../src/store/schema-dump';
import { createTestDatabase, createTestStore, type TestDatabase, type TestStore } from '../../support/database';
import { fakeSelection, newSession, planned, provisionedProject } from '../../support/selections';

const CHECK_VIOLATION = '23514';

describe('the migrations', () => {
  let empty: TestDatabase;
  beforeEach(async () => {
    empty = await createTestDatabase({ empty: true });
  });
  afterEach(() => empty.drop());

  test('lead to the schema in migrations/schema.sql', async () => {
    const database = new Database(empty.url);
    await migrate(database);
    const dumped = await dumpSchema(database);
    await database.close();
    const path = join(migrationsDirectory(), 'schema.sql');
    if (process.env.UPDATE_SCHEMA === '1') await writeFile(path, dumped);
    expect(dumped).toBe(await readFile(path, 'utf8'));
  });

  test('run once, however many processes start at once, and the job queue with them', async () => {
    const databases = Array.from({ length: 6 }, () => new Database(empty.url, { connections: 2 }));
    await Promise.all(databases.map((database) => migrate(database, { also: () => migrateJobs(empty.url) })));
    const [first] = databases as [Database];
    const applied = await rows<{ name: string }>(first.knex, 'SELECT name FROM migration ORDER BY id');
    expect(applied.map(({ name }) => name)).toEqual([...new Set(applied.map(({ name }) => name))]);
    expect(applied.every(({ name }) => !name.endsWith('.sql'))).toBe(true);
    expect(await isMigrated(first)).toBe(true);
    await Promise.all(databases.map((database) => database.close()));
  });

  test('go on where a process was killed while it held the lock of the migration library', async () => {
    const database = new Database(empty.url);
    await migrate(database);
    await database.knex.raw('UPDATE migration_lock SET is_locked = 1');
    await migrate(database);
    expect(await isMigrated(database)).toBe(true);
    await database.close();
  });
});

describe('the schema', () => {
  let store: TestStore;
  let id: string;
  beforeAll(async () => {
    store = await createTestStore();
    const project = await provisionedProject(store);
    id = (await store.sessions.open(newSession(fakeSelection('1.2.999.1'), project))) ?? '';
    await store.sessions.recordPlanned(id, [planned(0)]);
  });
  afterAll(() => store.close());

  const refused = async (sql: string, code: string): Promise<void> => {
    await expect(store.database.knex.raw(sql.replace(':id', `'${id}'`))).rejects.toMatchObject({ code });
  };

  test('gives every table a primary key', async () => {
    const without = await rows(
      store.database.knex,
      `SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
         AND c.relname NOT LIKE 'migration%'
         AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')`,
    );
    expect(without).toEqual([]);
  });

  test('knows the states of a session that the program knows, and no others', async () => {
    const [check] = await rows<{ definition: string }>(
      store.database.knex,
      "SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = 'export_session_state_known'",
    );
    const known = [...(check?.definition ?? '').matchAll(/'([a-z]+)'/g)].map(([, state]) => state);
    expect(known.sort()).toEqual([...SESSION_STATES].sort());
  });

  test.each([
    ['a state nobody knows', "UPDATE export_session SET state = 'lost' WHERE id = :id"],
    ['completed without a time', "UPDATE export_session SET state = 'completed', edition = 'x' WHERE id = :id"],
    ['a completion time without being completed', 'UPDATE export_session SET completed_at = now() WHERE id = :id'],
    ['cancelled without a time', "UPDATE export_session SET state = 'cancelled' WHERE id = :id"],
    ['failed without an error', "UPDATE export_session SET state = 'failed' WHERE id = :id"],
    ['half an error', "UPDATE export_session SET error_code = 'X' WHERE id = :id"],
    ['going on without a project', 'UPDATE export_session SET project_id = NULL, receiver = NULL WHERE id = :id'],
    ['a delivered instance without a time', "UPDATE session_instance SET state = 'delivered' WHERE session_id = :id"],
    [
      'a planned instance without a target',
      "UPDATE session_instance SET state = 'planned', planned_at = now() WHERE session_id = :id AND ordinal = 1",
    ],
    [
      'quarantine without a reason',
      "UPDATE session_instance SET state = 'quarantined', planned_at = now() WHERE session_id = :id AND ordinal = 1",
    ],
    [
      'a UID that is none',
      "UPDATE session_instance SET target_sop_instance_uid = '1.2.x' WHERE session_id = :id AND ordinal = 0",
    ],
    [
      'a UID that is too long',
      `UPDATE session_instance SET target_sop_instance_uid = '${'1'.repeat(65)}' WHERE session_id = :id AND ordinal = 0`,
    ],
    ['a digest that is none', "UPDATE session_instance SET sha256 = 'x' WHERE session_id = :id AND ordinal = 0"],
  ])('refuses %s', async (_what, sql) => {
    await refused(sql, CHECK_VIOLATION);
  });

  test.each([
    "UPDATE session_event SET text = 'something else'",
    'DELETE FROM session_event',
    'TRUNCATE session_event',
    'TRUNCATE export_session CASCADE',
    "INSERT INTO session_event (session_id, state, text) VALUES (:id, 'planning', 'x') ON CONFLICT (id) DO UPDATE SET text = 'y'; UPDATE session_event SET at = now()",
  ])('keeps the timeline as it was written: %s', async (sql) => {
    await refused(sql, '23001');
  });
});
