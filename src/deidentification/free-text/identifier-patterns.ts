import { plainForm } from './folding';
import { isListedWord } from './harmless-words';
import type { Scan } from './pieces';
import type { Span } from './spans';

/**
 * Shapes that identify whoever they belong to: HIPAA Safe Harbor 45 CFR 164.514(b)(2) (telephone, e-mail, URL, IP
 * address, record and account numbers, geographic subdivisions, ages over 89) and their European kin. Bounded
 * quantifiers only.
 */
interface IdentifierPattern {
  readonly what: string;
  /** Runs only where the text has one of these. */
  readonly needs: 'digits' | 'label' | '@' | '.' | 'ninety';
  /** The fewest digits it can have; two where nothing is said. */
  readonly digits?: number;
  /** Runs only where this is found, too: a glance is cheaper than a search with Unicode classes. */
  readonly glance?: RegExp;
  readonly pattern: RegExp;
  readonly accept?: (match: RegExpExecArray) => boolean;
  readonly replace?: (match: RegExpExecArray) => string;
}

const MRN_LABEL =
  'm\\.?r\\.?n|pid|pat(?:ient)?[ ._-]{0,2}(?:id|no|nr|nummer|number)|acc(?:ession)?(?:[ ._-]?(?:no|nr|number|num))|accession|acc|case[ ._-]?(?:no|nr|number|id)|order[ ._-]?(?:no|nr|number)|visit[ ._-]?(?:no|nr|number|id)|chart[ ._-]?(?:no|nr|number)?|fall(?:nummer|[ -]?nr)|auftrags?(?:nummer|[ -]?nr)|ssn|nhs(?:[ -]?(?:no|number))?|kvnr|ahv|hkid|dossier(?: n[o°])?|ipp|nip|患者番号|患者id|病历号|등록번호|id|ser\\.? ?no';

const OVER_89 = /9\d|1[0-4]\d/;

const PATTERNS: readonly IdentifierPattern[] = [
  {
    what: 'e-mail address',
    needs: '@',
    pattern: /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,5}/giu,
  },
  { what: 'URL', needs: '.', pattern: /(?:\b[a-z]{2,8}:\/\/|\bwww\.)[^\s<>"']{1,2000}/gi },
  {
    what: 'domain name',
    needs: '.',
    pattern:
      /(?<![\p{L}\p{N}.@-])[a-z][a-z0-9-]{1,62}(?:\.[a-z0-9-]{1,62}){0,4}\.(?:com|org|net|edu|gov|de|ch|at|fr|uk|eu|nl|it|es|jp|cn|kr|info|local|health)(?![\p{L}\p{N}])(?:\/[^\s]{0,200})?/gu,
  },
  {
    what: 'IP address',
    needs: 'digits',
    digits: 4,
    glance: /\./,
    pattern: /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\d.]\d)/g,
  },
  {
    what: 'IP address',
    needs: 'digits',
    digits: 4,
    glance: /:/,
    pattern: /(?<![0-9a-f:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![0-9a-f:])/gi,
  },
  {
    what: 'MAC address',
    needs: 'digits',
    glance: /[:-]/,
    pattern: /(?<![0-9a-f:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![0-9a-f:-])/gi,
  },
  {
    what: 'UID',
    needs: 'digits',
    digits: 5,
    glance: /\./,
    pattern: /(?<![\d.])(?:2\.25\.\d{10,39}|\d{1,20}(?:\.\d{1,40}){4,30})(?!\d)/g,
  },
  {
    what: 'record number',
    needs: 'label',
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}])(?:${MRN_LABEL})[ ._]{0,2}[:#=]{0,2} {0,2}(?=[A-Z/.-]{0,8}\\d)([A-Z0-9][A-Z0-9./-]{0,40})`,
      'giu',
    ),
    // "ID 3" counts something; with a colon, a hash or more digits it is a number of somebody.
    accept: (match) => /[:#=]/.test(match[0]) || (match[1]!.match(/\d/g)?.length ?? 0) >= 4,
  },
  {
    what: 'number with hash',
    needs: 'digits',
    digits: 3,
    pattern: /#\s?(?:\d{4,20}|[A-Z]{1,4}-?\d{3,20})(?![\p{L}\d])/giu,
  },
  {
    what: 'telephone',
    needs: 'label',
    pattern:
      /(?<![\p{L}])(?:tel|telefon|telephone|phone|ph|fax|mobile|mobil|cell|handy|pager|beeper|ext|durchwahl|電話|电话|전화)[. ]{0,2}[:#]? {0,2}\+?[\d(][\d ()./-]{2,24}\d/giu,
  },
  {
    what: 'telephone',
    needs: 'digits',
    digits: 7,
    pattern: /(?<![\d+])\+\d{1,3}[ ()./-]{0,2}\d[\d ()./-]{5,20}\d(?!\d)/g,
  },
  {
    what: 'telephone',
    needs: 'digits',
    digits: 7,
    pattern: /(?<![\d.(])(?:\(\d{2,5}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?!\d)/g,
  },
  { what: 'telephone', needs: 'digits', digits: 7, pattern: /(?<![\d.-])\d{3}-\d{4}(?![\d-])/g },
  {
    what: 'telephone',
    needs: 'digits',
    digits: 7,
    pattern: /(?<![\d.,x*-])0[1-9]\d{1,4}[ /-]{1,3}\d{2,8}(?:[ -]\d{2,6}){0,3}(?![\d.])/g,
  },
  { what: 'telephone', needs: 'digits', digits: 7, pattern: /(?<![\d.,x*-])0[1-9](?:[ .]\d{2}){4}(?!\d)/g },
  { what: 'social security number', needs: 'digits', digits: 9, pattern: /(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])/g },
  { what: 'AHV number', needs: 'digits', digits: 13, pattern: /(?<!\d)756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}(?!\d)/g },
  {
    what: 'NIR',
    needs: 'digits',
    digits: 13,
    pattern: /(?<!\d)[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3}(?: ?\d{2})?(?!\d)/g,
  },
  { what: 'resident registration number', needs: 'digits', digits: 13, pattern: /(?<!\d)\d{6}-[1-4]\d{6}(?!\d)/g },
  {
    what: 'national number',
    needs: 'digits',
    digits: 6,
    pattern: /(?<![\p{L}\d])[A-Z]{1,2}\d{6,10}[A-Z]?\d?(?![\p{L}\d])/giu,
  },
  {
    what: 'record number',
    needs: 'digits',
    digits: 5,
    pattern: /(?<![\p{L}\d])[A-Z]{1,6}[-_/]?\d{5,20}(?:[-_/]\d{1,8})?(?!\d)/giu,
  },
  { what: 'long number', needs: 'digits', digits: 6, pattern: /(?<![\d.])\d{6,}/g },
  {
    what: 'street',
    needs: 'digits',
    digits: 1,
    glance: /St|Ave|Ro|Rd|L[an]|B[ol]|Dr|Co|Pl|Sq|Way|Te|Cr/,
    pattern:
      /(?<![\p{L}\d.])\d{1,5}[a-z]?,? (?:[\p{Lu}][\p{L}'.-]{1,24} ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Boulevard|Blvd|Drive|Court|Place|Square|Way|Terrace|Crescent)(?![\p{L}])\.?/gu,
  },
  {
    what: 'street',
    needs: 'digits',
    digits: 1,
    glance: /stra|str\.|we[gG]|platz|allee|gasse|ring|damm|ufer/i,
    pattern:
      /(?<!\p{L})(?:\p{Lu}[\p{L}-]{0,30}(?:[sS]traße|[sS]trasse|[sS]tr\.|[wW]eg|[pP]latz|[aA]llee|gasse|ring|damm|ufer)|(?:\p{Lu}[\p{L}.-]{1,20} ){1,2}(?:Straße|Strasse|Str\.|Weg|Platz|Allee))[ ,]{1,2}\d{1,4} ?[a-z]?(?![\p{L}\d])/gu,
    // "Monitoring 10.0" ends like a street
    accept: (match) => !isListedWord(plainForm(/^[\p{L}-]+/u.exec(match[0])?.[0] ?? '')),
  },
  {
    what: 'street',
    needs: 'digits',
    digits: 1,
    glance: /rue|avenue|boulevard|place|chemin|allée|via|calle/i,
    pattern:
      /(?<![\p{L}\d])\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|place|chemin|allée|via|calle) (?:[\p{L}'-]{1,20} ?){1,4}/giu,
  },
  {
    what: 'post box',
    needs: 'digits',
    digits: 1,
    glance: /box|postfach/i,
    pattern: /(?<!\p{L})(?:p\.? ?o\.? box|postfach) \d{1,8}/giu,
  },
  {
    what: 'postal code and place',
    needs: 'digits',
    digits: 5,
    pattern:
      /(?<![\p{L}\d.,x])(?:[A-Z]{1,2}-)?\d{5} (?!Series|Slices|Images|Frames)\p{Lu}\p{Ll}[\p{L}-]{1,24}(?: \(?(?:am|an der|im|bei) \p{Lu}\p{L}{1,20})?/gu,
  },
  {
    what: 'postal code and place',
    needs: 'digits',
    digits: 5,
    pattern: /(?<!\p{L})\p{Lu}[\p{L}.-]{2,24},? [A-Z]{2} \d{5}(?:-\d{4})?(?!\d)/gu,
  },
  // Ages over 89 are one class: 45 CFR 164.514(b)(2)(i)(C).
  {
    what: 'age',
    needs: 'digits',
    glance: OVER_89,
    pattern: /(?<![\p{L}\d.])0?(?:9\d|1[0-4]\d)Y(?![\p{L}\d])/gu,
    replace: () => '090Y',
  },
  {
    what: 'age',
    needs: 'digits',
    glance: OVER_89,
    pattern:
      /(?<![\p{L}\d.,x])(?:9\d|1[0-4]\d)[ -]?(?:years?(?:[ -]olds?)?|yrs?(?: old)?|y\.?\/?o\.?|y|jahre?(?: alt)?|jährige[rns]?|jaehrige[rns]?|ans|años|anni|歳|岁|세)(?![\p{L}\d])/giu,
    replace: () => '90+ y',
  },
  {
    what: 'age',
    needs: 'digits',
    glance: OVER_89,
    pattern: /(?<!\p{L})(age|aged|alter|âge|edad|年齢|나이)([ :=]{1,2})(?:9\d|1[0-4]\d)(?![\d+.])/giu,
    replace: (match) => `${match[1]}${match[2]}90+`,
  },
  // "93F", "F/93": a hundred of something is no age.
  {
    what: 'age and sex',
    needs: 'digits',
    glance: OVER_89,
    pattern: /(?<![\p{L}\d.,x/-])(?:9\d|10[1-9])([ /]?[MF])(?![\p{L}\d/])/gu,
    replace: (match) => `90+${match[1]}`,
  },
  {
    what: 'age and sex',
    needs: 'digits',
    glance: OVER_89,
    pattern: /(?<![\p{L}\d/])([MF]\/?)(?:9\d|10[1-9])(?![\p{L}\d.,x/+-])/gu,
    replace: (match) => `${match[1]}90+`,
  },
  {
    what: 'age in words',
    needs: 'ninety',
    pattern:
      /(?<!\p{L})(?:aged? |age of )?ninety(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?[ -](?:years?|yrs?)(?:[ -]olds?)?(?!\p{L})/giu,
    replace: () => '90+ y',
  },
  {
    what: 'age in words',
    needs: 'ninety',
    pattern: /(?<!\p{L})(aged?|age of) ninety(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?(?!\p{L})/giu,
    replace: (match) => `${match[1]} 90+`,
  },
];

/** The first words of labels; unspaced scripts are looked at always. */
const LABEL_WORDS = new Set(
  `m mrn pid pat patient acc accession case order visit chart fall fallnummer fallnr auftragsnummer auftragnummer
  auftragsnr auftragnr auftrags auftrag ssn nhs kvnr ahv hkid dossier ipp nip id ser tel telefon telephone phone ph fax
  mobile mobil cell handy pager beeper ext durchwahl`.split(/\s+/),
);

export function findPatterns(text: string, { pieces, digits }: Scan): Span[] {
  const spans: Span[] = [];
  const hasAt = text.includes('@');
  const hasStop = /\.[a-z0-9]{0,20}[a-z]|:\/\/|www\./i.test(text);
  const hasNinety = /ninety/i.test(text);
  if (digits === 0 && !hasAt && !hasStop && !hasNinety) return spans;
  const met = { '@': hasAt, '.': hasStop, ninety: hasNinety };
  const labelled = digits > 0 && pieces.some(({ kind, plain }) => kind === 'unspaced' || LABEL_WORDS.has(plain));
  for (const { needs, digits: fewest = 2, glance, pattern, accept, replace } of PATTERNS) {
    if (needs === 'digits' ? digits < fewest : needs === 'label' ? !labelled : !met[needs]) continue;
    if (glance !== undefined && !glance.test(text)) continue;
    for (const match of text.matchAll(pattern)) {
      if (accept !== undefined && !accept(match)) continue;
      spans.push({ start: match.index, end: match.index + match[0].length, replacement: replace?.(match) ?? '' });
    }
  }
  return spans;
}
