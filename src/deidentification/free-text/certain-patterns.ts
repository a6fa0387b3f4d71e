import type { CompiledIdentifiers } from './compiled-identifiers';
import { beginsLikeMonth, findDates, type ShiftDate } from './date-patterns';
import { plainForm } from './folding';
import { isListedWord } from './harmless-words';
import type { JudgedText } from './judged-text';
import type { Span } from './spans';
import { isTitle } from './titles';

/**
 * What identifies in text of any kind, technical text included (PS3.15 E.3.5, note; 45 CFR 164.514(b)(2)): shapes that
 * are no version, no part number and no dimension. Bounded quantifiers only.
 */
interface CertainPattern {
  /** Runs only where this is found: a glance is cheaper than a search with Unicode classes. */
  readonly glance: RegExp;
  readonly pattern: RegExp;
  /** The fewest digits of a hit. */
  readonly digits?: number;
}

const PATTERNS: readonly CertainPattern[] = [
  {
    glance: /@/,
    pattern: /[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,5}\p{L}{2,24}(?![\p{L}\p{N}])/gu,
  },
  {
    glance: /t[eé]l|phone|fax|mobil|handy|電話|电话|전화/i,
    pattern:
      /(?<!\p{L})(?:tel|telefon|telephone|téléphone|phone|fax|mobile|mobil|handy|電話|电话|전화)[. ]{0,2}[:#]? {0,2}\+?[\d(][\d ()./-]{2,24}\d/giu,
    digits: 6,
  },
  {
    glance: /m\.?r\.?n|pat|ssn|nhs|kvnr|ahv|患者|病历|등록/i,
    pattern:
      /(?<![\p{L}\p{N}])(?:m\.?r\.?n\.?|pat(?:ient)?[ ._-]{0,2}(?:id|no|nr|nummer|number)|ssn|nhs(?:[ -]?(?:no|number))?|kvnr|ahv|患者番号|患者id|病历号|등록번호)[ ._]{0,2}[:#=]{0,2} {0,2}(?=[A-Z/.-]{0,8}\d)[A-Z0-9][A-Z0-9./-]{0,40}/giu,
    digits: 4,
  },
  // A UID of somebody's; those that DICOM registered name nothing (PS3.6 Annex A).
  {
    glance: /\.\d+\./,
    pattern: /(?<![\d.])(?!1\.2\.840\.10008\.)(?:2\.25\.\d{10,39}|\d{1,20}(?:\.\d{1,40}){6,30})(?![\d])/g,
    digits: 14,
  },
];

const GLANCE_AT_TITLES = /(?:Dr|Prof|Mr|Mrs|Ms|Mme|Mlle|Frau|Herrn?)[. ]/;
const TITLED =
  /(?<![\p{L}\p{N}])(?:(?:Dr|Prof|Mr|Mrs|Ms|Mme|Mlle|Frau|Herrn?)\.? (?:med\.? )?){1,3}((?:\p{Lu}\. ?){0,2}\p{Lu}[\p{L}'’-]{1,30})((?: (?:(?:von|van|de|der|den|del|la|zu) ){0,2}\p{Lu}[\p{L}'’-]{1,30}){0,2})/gu;

const NO_DATES: ReadonlySet<string> = new Set();

/** Hits in `judged`; dates only where the headers have them, too: another date in such a text is that of a product. */
export function findCertain(judged: JudgedText, known: CompiledIdentifiers): Span[] {
  const { text } = judged;
  const spans: Span[] = [];
  for (const { glance, pattern, digits = 0 } of PATTERNS) {
    if (!glance.test(text)) continue;
    for (const match of text.matchAll(pattern)) {
      if (digits > 0 && match[0].replace(/\D/g, '').length < digits) continue;
      spans.push({ start: match.index, end: match.index + match[0].length, replacement: '' });
    }
  }
  if (GLANCE_AT_TITLES.test(text)) {
    for (const { 0: all, 1: first, 2: more, index } of text.matchAll(TITLED)) {
      const firstWord = plainForm(first!.replace(/^(?:\p{Lu}\. ?)*/u, ''));
      if (isListedWord(firstWord) || isTitle(firstWord)) continue;
      // "Dr. Fake Head": the words behind belong to the name where nobody knows them.
      const rest = more!.split(' ').filter((word) => word !== '');
      const clinical = rest.findIndex((word) => /^\p{Lu}/u.test(word) && isListedWord(plainForm(word)));
      const behind = clinical < 0 ? 0 : rest.slice(clinical).join(' ').length + 1;
      spans.push({ start: index, end: index + all.length - behind, replacement: '' });
    }
  }
  return [...spans, ...knownDates(judged, known)];
}

/** A time of the study in clear would tell by how much its dates were moved. */
function knownDates(judged: JudgedText, known: CompiledIdentifiers): Span[] {
  if (known.dates.size === 0 && known.birthDates.size === 0) return [];
  const { text, scan, pieces } = judged;
  const named = pieces.some(({ kind, plain }) => kind === 'letters' && beginsLikeMonth(plain));
  const days = new Set([...known.dates, ...known.birthDates]);
  const context = { birthDates: NO_DATES, dates: days };
  const removed = (shiftDate: ShiftDate): Span[] =>
    findDates(text, context, named, scan.digits, shiftDate).filter(({ replacement }) => replacement === '');
  const found = removed((da) => (days.has(da) ? null : da));
  if (found.length === 0) return found;
  // Parts of a date are taken for no day at all.
  const parts = new Set(removed((da) => da).map(({ start }) => start));
  return found.filter(({ start }) => !parts.has(start));
}
