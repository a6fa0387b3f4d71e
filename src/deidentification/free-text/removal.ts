import { isSeparator } from './pieces';
import { mergedSpans, type Span } from './spans';

/** What is left where something was taken out: one separator, no empty brackets, none at either end. */
export function withSpans(text: string, spans: readonly Span[]): string {
  let left = '';
  let at = 0;
  let open: Span | null = null;
  for (const span of mergedSpans(spans)) {
    if (span.replacement !== '') {
      left = append(left, text.slice(at, span.start), open !== null) + span.replacement;
      open = null;
    } else {
      const between = text.slice(at, span.start);
      if (open === null || !isOnlySeparators(between)) {
        left = append(left, between, open !== null);
      } else if (between.includes('\n') && !left.endsWith('\n')) left += '\n';
      open = span;
    }
    at = span.end;
  }
  return open === null ? left + text.slice(at) : endOf(append(left, text.slice(at), true));
}

function isOnlySeparators(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isSeparator(text[at]!)) return false;
  return true;
}

/** How much a separator says; the strongest of those around a gap stays. */
function strength(separator: string): number {
  if (separator.includes('\n')) return 6;
  if (/\.\s/.test(separator)) return 5;
  if (separator.includes(';')) return 4;
  if (/[,:]/.test(separator)) return 3;
  if (/\S/.test(separator)) return 2;
  return separator === '' ? 0 : 1;
}

/** Joins what stands before a gap with what stands behind it. */
function append(left: string, right: string, gap: boolean): string {
  if (!gap) return left + right;
  let leftEnd = left.length;
  while (leftEnd > 0 && isSeparator(left[leftEnd - 1]!)) leftEnd--;
  let rightStart = 0;
  while (rightStart < right.length && isSeparator(right[rightStart]!)) rightStart++;
  const before = left.slice(leftEnd);
  const behind = right.slice(0, rightStart);
  const core = left.slice(0, leftEnd);
  const rest = right.slice(rightStart);
  const opening = before.match(/[([{「（]/g)?.length ?? 0;
  const closing = behind.match(/[)\]}」）]/g)?.length ?? 0;
  const pairs = Math.min(opening, closing);
  // A bracket that loses its partner goes with the gap; one whose partner is elsewhere stays.
  const keepOpen = opening > pairs && rest !== '' ? '(' : '';
  const keepClose = closing > pairs && core !== '' ? ')' : '';
  const opensBehind = rest !== '' ? (/[([{「（]/.exec(behind)?.[0] ?? '') : '';
  const closesBefore = core !== '' ? (/[)\]}」）]/.exec(before)?.[0] ?? '') : '';
  const bare = (text: string): string => text.replace(/[()[\]{}「」（）'"“”„‘’]/g, '');
  const [a, b] = [bare(before), bare(behind)];
  if (core === '') return `${opensBehind}${rest}`;
  if (rest === '')
    return `${core}${closesBefore}${keepClose}${before.includes('\n') || behind.includes('\n') ? '\n' : ''}`;
  let separator = keepOpen === '' && strength(b) > strength(a) ? b : a;
  if (/\s.*\s/.test(separator) && separator.trim() === '') separator = separator.includes('\n') ? '\n' : separator[0]!;
  if (separator === '' && keepOpen === '' && keepClose === '' && opensBehind === '' && closesBefore === '')
    separator = ' ';
  if (opensBehind !== '' || keepOpen !== '')
    return `${core}${closesBefore}${keepClose}${separator}${keepOpen || opensBehind}${rest}`;
  return `${core}${closesBefore}${keepClose}${separator}${rest}`;
}

/** A text that lost its end ends in a word. */
function endOf(text: string): string {
  let end = text.length;
  while (end > 0 && /[\s,;:/\\|\-_^&=*#~]/.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}
