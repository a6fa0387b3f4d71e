import { Fault } from '../base/errors';
import type { Search } from './search';

export type ProbeResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly remedy: string | undefined };

/** Asks for a single study, whoever it is of, and looks at nothing of the answer but its form. */
export async function probePeer(search: Search, signal: AbortSignal): Promise<ProbeResult> {
  try {
    await search.page({ level: 'studies' }, { limit: '1' }, signal);
    return { ok: true };
  } catch (error) {
    if (error instanceof Fault) {
      return { ok: false, code: error.code, message: error.message, remedy: error.remedy };
    }
    throw error;
  }
}
