import { type Database, rows } from './database';

interface Line {
  owner: string;
  line: string;
}

/**
 * The schema as the database itself describes it: tables with columns and constraints, indexes, domains, functions and
 * triggers. A dump of our own, because `pg_dump` differs from version to version and is on few machines.
 */
export async function dumpSchema(database: Database): Promise<string> {
  const { knex } = database;
  const tables = await rows<Line>(
    knex,
    `SELECT c.relname AS owner,
            a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
              || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
              || CASE WHEN a.attidentity <> '' THEN ' GENERATED ALWAYS AS IDENTITY' ELSE '' END
              || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
     FROM pg_class c
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE 'migration%'
     ORDER BY c.relname, a.attnum`,
  );
  const constraints = await rows<Line>(
    knex,
    `SELECT c.relname AS owner, 'CONSTRAINT ' || k.conname || ' ' || pg_get_constraintdef(k.oid) AS line
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'migration%' AND k.contype <> 'n'
     ORDER BY c.relname, k.contype DESC, k.conname`,
  );
  const others = await rows<Line>(
    knex,
    `SELECT '1' AS owner, 'CREATE DOMAIN ' || t.typname || ' AS ' || format_type(t.typbasetype, t.typtypmod)
              || coalesce(' ' || string_agg('CONSTRAINT ' || k.conname || ' ' || pg_get_constraintdef(k.oid), ' '), '') AS line
     FROM pg_type t LEFT JOIN pg_constraint k ON k.contypid = t.oid
     WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'd'
     GROUP BY t.typname, t.typbasetype, t.typtypmod
     UNION ALL
     SELECT '3', indexdef FROM pg_indexes i
     WHERE schemaname = 'public' AND tablename NOT LIKE 'migration%'
       AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conname = i.indexname)
     UNION ALL
     SELECT '4', pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
     UNION ALL
     SELECT '5', pg_get_triggerdef(g.oid) FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
     WHERE c.relnamespace = 'public'::regnamespace AND NOT g.tgisinternal
     ORDER BY 1, 2`,
  );
  const names = [...new Set(tables.map(({ owner }) => owner))];
  const created = names.map((name) => {
    const lines = [...tables, ...constraints].filter(({ owner }) => owner === name).map(({ line }) => `  ${line}`);
    return `CREATE TABLE ${name} (\n${lines.join(',\n')}\n);`;
  });
  const statements = (group: string): string[] =>
    others.filter(({ owner }) => owner === group).map(({ line }) => `${line.trim()};`);
  return `${[...statements('1'), ...created, ...statements('3'), ...statements('4'), ...statements('5')].join('\n\n')}\n`;
}
