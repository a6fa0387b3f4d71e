import type { SealContext, Sealer } from '../security/envelope';

/** What people wrote beside a deed: free text, which may name the patient, and is kept sealed. */
export class EventNotes {
  readonly #sealer: Sealer;

  constructor(sealer: Sealer) {
    this.#sealer = sealer;
  }

  seal(sessionId: string, note: string): Buffer {
    return this.#sealer.seal(Buffer.from(note, 'utf8'), context(sessionId));
  }

  open(sessionId: string, note: Buffer): string {
    return this.#sealer.open(note, context(sessionId)).toString('utf8');
  }
}

function context(sessionId: string): SealContext {
  return { table: 'session_event', column: 'note', row: sessionId };
}
