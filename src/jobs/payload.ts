import { cannot } from '../base/errors';

/** One text of a job's payload. */
export function idIn(payload: unknown, name: string): string {
  const value =
    typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>)[name] : undefined;
  if (typeof value !== 'string') throw cannot('BAD_JOB', `a job came without its ${name}`);
  return value;
}
