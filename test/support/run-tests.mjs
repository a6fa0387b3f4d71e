/**
 * What `npm test` runs: jest over every suite, arguments passed on. Repeats the lines about skipped suites at the end,
 * and keeps `N passed, N failed, N skipped` as the very last line.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const jest = join(dirname(createRequire(import.meta.url).resolve('jest/package.json')), 'bin', 'jest.js');
const given = process.argv.slice(2);
// Suites start servers and browsers of their own: two suites at once on two cores leave each too little.
const workers = given.some((argument) => /^(-i|-w|--runInBand|--maxWorkers)/.test(argument))
  ? []
  : [`--maxWorkers=${availableParallelism() > 2 ? 2 : 1}`];
const colour = process.stderr.isTTY ? { FORCE_COLOR: '1' } : {};

const child = spawn(process.execPath, [jest, ...workers, ...given], {
  cwd: root,
  env: { ...colour, ...process.env },
  stdio: ['inherit', 'pipe', 'pipe'],
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));

const CLOSING_LINE = /^\d+ passed, \d+ failed, \d+ skipped$/;
const skipped = new Set();
let closing = '';

/** Passes whole lines on, except those that `keep` takes. */
function relay(stream, target, keep) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    const passed = lines.filter((line) => !keep(line));
    if (passed.length > 0) target.write(`${passed.join('\n')}\n`);
  });
  stream.on('end', () => {
    if (rest !== '' && !keep(rest)) target.write(rest);
  });
}

relay(child.stdout, process.stdout, (line) => {
  if (!CLOSING_LINE.test(line.trim())) return false;
  closing = line.trim();
  return true;
});
relay(child.stderr, process.stderr, (line) => {
  const found = /skipped: .+$/.exec(line)?.[0];
  if (found === undefined || !line.startsWith('skipped: ')) return false;
  skipped.add(found);
  return true;
});

child.on('close', (code, signal) => {
  for (const line of [...skipped].sort()) process.stdout.write(`${line}\n`);
  // Without a line of its own jest did not get as far as running tests.
  process.stdout.write(`${closing === '' ? `0 passed, ${code === 0 ? 0 : 1} failed, 0 skipped` : closing}\n`);
  process.exitCode = signal === null ? (code ?? 1) : 1;
});
