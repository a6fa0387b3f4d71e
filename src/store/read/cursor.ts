import { cannot } from '../../base/errors';

/** Where the next page begins. Opaque to clients; holds nothing that the page before did not show. */
export function encodeCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position), 'utf8').toString('base64url');
}

/** Throws Fault BAD_CURSOR where it is none of ours. */
export function decodeCursor(cursor: string, fits: (position: readonly unknown[]) => boolean): readonly unknown[] {
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    position = undefined;
  }
  if (!Array.isArray(position) || !fits(position)) {
    throw cannot('BAD_CURSOR', 'the cursor is none that this list gave out', { remedy: 'Begin the list again.' });
  }
  return position;
}

/** Rows were read one beyond the limit, to know whether there are more. */
export function pageOf<T>(
  found: readonly T[],
  limit: number,
  positionOf: (last: T) => readonly (string | number)[],
): { items: readonly T[]; nextCursor: string | null } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null };
}
