/** A stretch of text and what stands there afterwards; '' where nothing does. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** Overlapping spans made one; what is removed wins over what is replaced. Sorted. */
export function mergedSpans(spans: readonly Span[]): Span[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: Span[] = [];
  for (const span of sorted) {
    const last = merged[merged.length - 1];
    if (last === undefined || span.start >= last.end) {
      merged.push(span);
    } else if (span.start === last.start && span.end === last.end && span.replacement === last.replacement) {
    } else {
      const inside = span.end <= last.end && last.replacement !== '' && span.replacement !== '';
      merged[merged.length - 1] = {
        start: last.start,
        end: Math.max(last.end, span.end),
        replacement: inside ? last.replacement : '',
      };
    }
  }
  return merged;
}
