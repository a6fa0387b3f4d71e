import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder that all processes of one test run share; made by the global setup, or by the first who asks. */
export function testRunDirectory(): string {
  process.env.TCE_TEST_RUN_DIR ??= mkdtempSync(join(tmpdir(), 'tce-test-'));
  process.env.TCE_TEST_RUN_PID ??= String(process.pid);
  return process.env.TCE_TEST_RUN_DIR;
}

/** The process with which the run ends, however it ends. */
export function testRunProcess(): number {
  return Number(process.env.TCE_TEST_RUN_PID);
}
