import { Database, rows } from '../../src/store/database';

/** Every row of every table, job queue included, as JSON text; binary columns in hexadecimal. */
export async function dump(url: string): Promise<string> {
  const database = new Database(url, { connections: 1 });
  try {
    const tables = await rows<{ schema: string; name: string }>(
      database.knex,
      `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    const lines: string[] = [];
    for (const { schema, name } of tables) {
      const found = await rows<{ line: string }>(
        database.knex,
        `SELECT to_jsonb(t)::text AS line FROM "${schema}"."${name}" t`,
      );
      lines.push(`-- ${schema}.${name}`, ...found.map(({ line }) => line));
    }
    return lines.join('\n');
  } finally {
    await database.close();
  }
}
