import { type ParseArgsConfig, parseArgs } from 'node:util';

export const EXIT = { ok: 0, fault: 1, usage: 2, held: 3 } as const;

/** The command line was wrong: exit 2. */
export class UsageError extends Error {}

export interface Command {
  readonly summary: string;
  readonly help: string;
  run(args: readonly string[]): Promise<number>;
}

/** `parseArgs` with its complaints as UsageError; no positional arguments. */
export function parseOptions<T extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : 'wrong options');
  }
}

/** Resolves on the first SIGINT or SIGTERM; a second one ends the process at once. */
export function untilStopped(): { readonly signal: AbortSignal; readonly stopped: Promise<void> } {
  const controller = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (controller.signal.aborted) process.exit(EXIT.fault);
        controller.abort();
        resolve();
      });
    }
  });
  return { signal: controller.signal, stopped };
}
