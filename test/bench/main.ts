import { cpus, totalmem } from 'node:os';
import { benchExport } from './export';
import { benchFolder } from './folder';
import { benchHeader } from './header';
import type { Line } from './line';
import { benchMemory } from './memory';
import { benchRegister } from './register';
import { benchSelection } from './selection';

/*
 * Each line is one figure as a ratio against its floor, both measured in this run: machines differ, ratios travel.
 * `aim` is what the ratio (or, where there is no floor, the value) should not exceed. Nothing fails here.
 */
const BENCHES: Readonly<Record<string, () => Promise<readonly Line[]>>> = {
  header: benchHeader,
  folder: benchFolder,
  selection: benchSelection,
  memory: benchMemory,
  register: benchRegister,
  export: benchExport,
};

async function main(names: readonly string[]): Promise<void> {
  const machine = { node: process.version, cpus: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30) };
  process.stdout.write(
    `${JSON.stringify({ bench: 'machine', date: new Date().toISOString().slice(0, 10), ...machine })}\n`,
  );
  for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
    const bench = BENCHES[name];
    if (bench === undefined) throw new Error(`no such benchmark; there are ${Object.keys(BENCHES).join(', ')}`);
    for (const line of await bench()) process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
