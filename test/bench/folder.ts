import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deidentifyFolder } from '../../src/commands/deidentify-folder';
import { noReport } from '../../src/commands/report-file';
import { policyOf } from '../../src/deidentification/policy-of';
import { SAMPLE_STUDIES, Seed } from '../../src/sandbox/samples';
import { ctSeries } from '../../src/sandbox/samples/images';
import { type Line, median, round, timed } from './line';

export const CT_INSTANCES = 200;

/** 200 CT of 512 × 512, 16 bit: 105 MB. */
export function* ctInstances() {
  yield* ctSeries(SAMPLE_STUDIES.head, new Seed('bench'), { slices: CT_INSTANCES, rows: 512, columns: 512 });
}

/** De-identification of a folder against reading and writing the same files; both from a warm page cache. */
export async function benchFolder(): Promise<readonly Line[]> {
  return [await folderOf('basic', 2), await folderOf('clinical-trial', 2.5)];
}

/** The sample patients have their name in these, too: kept by the preset, it would hold every instance back. */
const PLANTED = ['EthnicGroup', 'RequestAttributesSequence'].map((attribute) => ({ attribute, action: 'remove' }));

async function folderOf(preset: string, aim: number): Promise<Line> {
  const directory = mkdtempSync(join(tmpdir(), 'tce-bench-'));
  const input = join(directory, 'in');
  mkdirSync(input);
  let index = 0;
  for (const { bytes } of ctInstances()) writeFileSync(join(input, `${String(index++).padStart(4, '0')}.dcm`), bytes);
  const files = readdirSync(input);
  try {
    const copies: number[] = [];
    const runs: number[] = [];
    for (let run = 0; run < 9; run += 1) {
      spawnSync('sync');
      const copied = join(directory, 'copy');
      rmSync(copied, { recursive: true, force: true });
      mkdirSync(copied);
      copies.push(
        await timed(() => {
          for (const file of files) writeFileSync(join(copied, file), readFileSync(join(input, file)));
        }),
      );
      const output = join(directory, 'out');
      rmSync(output, { recursive: true, force: true });
      spawnSync('sync');
      runs.push(
        await timed(async () => {
          const counts = await deidentifyFolder({
            input,
            output,
            key: new Uint8Array(32).fill(7),
            policy: policyOf(preset === 'basic' ? { preset } : { preset, overrides: PLANTED }),
            onFinding: 'redact',
            resumable: true,
            signal: new AbortController().signal,
            progress: { update: () => undefined, end: () => undefined },
            report: noReport,
          });
          if (counts.passed !== CT_INSTANCES) throw new Error('not every instance passed');
        }),
      );
    }
    const copy = median(copies.slice(1));
    const value = median(runs.slice(1));
    return {
      bench: `folder-deidentify-200-ct-${preset}`,
      value: round(value, 0),
      unit: 'ms',
      floor: { what: 'read and write of the same files', value: round(copy, 0) },
      ratio: round(value / copy),
      aim: `≤ ${aim} × the copy`,
      met: value <= aim * copy,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
