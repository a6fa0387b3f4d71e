import { closeSync, openSync, writeSync } from 'node:fs';
import type { ReportSink } from './deidentify-folder';
import { UsageError } from './usage';

export const noReport: ReportSink = {
  wanted: false,
  begin: () => undefined,
  add: () => undefined,
  end: () => undefined,
};

const BUFFERED_CHARACTERS = 256 * 1024;

/** Writes the report as one JSON object, instance by instance. */
export function reportTo(path: string): ReportSink {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'w');
  } catch {
    throw new UsageError('--report cannot be written');
  }
  let buffered = '';
  let first = true;
  const write = (text: string): void => {
    buffered += text;
    if (buffered.length < BUFFERED_CHARACTERS) return;
    writeSync(descriptor, buffered);
    buffered = '';
  };
  return {
    wanted: true,
    begin: (head) => write(`${JSON.stringify(head).slice(0, -1)},"instances":[`),
    add: (instance) => {
      write(`${first ? '' : ','}\n${JSON.stringify(instance)}`);
      first = false;
    },
    end: (counts) => {
      write(`\n],"counts":${JSON.stringify(counts)}}\n`);
      writeSync(descriptor, buffered);
      closeSync(descriptor);
    },
  };
}
