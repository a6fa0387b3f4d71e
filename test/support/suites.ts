import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Something that is not part of the project and that a suite cannot do without. */
export interface Need {
  /** As the line about a skipped suite says it: "Orthanc is not installed". */
  readonly missing: string;
  readonly present: boolean;
}

/** Where a program is on this machine; undefined where it is not. */
export function findProgram(...names: readonly string[]): string | undefined {
  // Servers live in sbin, which is not on everybody's PATH.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/bin', '/usr/bin', '/usr/sbin'];
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here.
      }
    }
  }
  return undefined;
}

export function program(name: string, ...otherNames: readonly string[]): Need {
  return { missing: `${name} is not installed`, present: findProgram(name, ...otherNames) !== undefined };
}

/**
 * `describe` where everything needed is there; otherwise the same suite, its tests counted as skipped, and one line on
 * standard error that says which suite and why.
 */
export function suiteNeeding(needs: Need | readonly Need[], name: string, suite: () => void): void {
  const missing = (Array.isArray(needs) ? (needs as readonly Need[]) : [needs as Need]).filter(
    ({ present }) => !present,
  );
  if (missing.length === 0) {
    describe(name, suite);
    return;
  }
  process.stderr.write(`skipped: ${name}: ${missing.map((need) => need.missing).join(', ')}\n`);
  describe.skip(name, suite);
}
