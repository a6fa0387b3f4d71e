/**
 * Marks that the identifiers of generated studies carry, so that a test can search every byte that left, every log
 * line, row and page for them. Long enough not to turn up by chance in pixels or digests.
 */
export const PHI_MARKS = {
  family: 'Zqfamily',
  given: 'Zqgiven',
  PatientID: 'ZQPATID',
  IssuerOfPatientID: 'ZQISSUER',
  OtherPatientID: 'ZQOTHERID',
  otherName: 'Zqothername',
  birthName: 'Zqbirthname',
  motherName: 'Zqmother',
  address: 'Zqstreet',
  telephone: 'ZQPHONE',
  occupation: 'Zqprofession',
  birthDate: '19070913',
  studyDate: '20190823',
  referring: 'Zqreferring',
  performing: 'Zqperforming',
  operator: 'Zqoperator',
  institution: 'Zqclinic',
  institutionAddress: 'Zqavenue',
  department: 'Zqdepartment',
  station: 'ZQSTATION',
  device: 'ZQDEVICE',
  order: 'ZQORDER7',
  applicationEntity: 'ZQAETITLE',
  note: 'Zqremark',
  uid: '1.2.999.9190919.',
  kanji: '徽章',
  kana: 'きしょう',
} as const;

/** Which marks are in there, in any of the spellings that text takes on its way: the values of PHI_MARKS. */
export function findMarks(input: Uint8Array | string): string[] {
  const bytes =
    typeof input === 'string'
      ? Buffer.from(input, 'utf8')
      : Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const found = new Set<string>();
  // One pass, by the first two bytes: a search per spelling takes a second for four megabytes.
  for (const [folding, patterns] of [
    [FOLDED, ANY_CASE],
    [UNCHANGED, THIS_CASE],
  ] as const) {
    for (let at = 0; at + 1 < bytes.length; at++) {
      const candidates = patterns[(folding[bytes[at]!]! << 8) | folding[bytes[at + 1]!]!];
      if (candidates === undefined) continue;
      for (const { mark, spelling } of candidates) {
        if (!found.has(mark) && startsHere(bytes, at, spelling, folding)) found.add(mark);
      }
    }
  }
  return [...found];
}

function startsHere(bytes: Uint8Array, at: number, spelling: Uint8Array, folding: Uint8Array): boolean {
  if (at + spelling.length > bytes.length) return false;
  for (let i = 0; i < spelling.length; i++) if (folding[bytes[at + i]!] !== spelling[i]) return false;
  return true;
}

/** UTF-8, Latin-1, UTF-16 of both orders, hexadecimal, and what JSON, HTML and URLs make of letters beyond ASCII. */
function plainSpellings(mark: string): string[] {
  const utf16 = Buffer.from(mark, 'utf16le');
  const utf8 = Buffer.from(mark, 'utf8');
  const spellings = [utf8, utf16, Buffer.from(utf16).swap16()].map((each) => each.toString('latin1'));
  // Upper and lower case differ in hexadecimal.
  for (const each of [mark, mark.toLowerCase(), mark.toUpperCase()]) spellings.push(Buffer.from(each).toString('hex'));
  if (isASCII(mark)) return spellings;
  const characters = [...mark].map((each) => each.codePointAt(0)!);
  spellings.push(characters.map((each) => `\\u${each.toString(16).padStart(4, '0')}`).join(''));
  spellings.push(characters.map((each) => `&#x${each.toString(16)};`).join(''));
  spellings.push(characters.map((each) => `&#${each};`).join(''));
  spellings.push(encodeURIComponent(mark));
  return [...spellings, ...japaneseSpellings(mark)];
}

/** JIS X 0208 in seven bits (ISO 2022 IR 87), in eight (ISO-IR 87 in G1, EUC), and Shift JIS. */
function japaneseSpellings(mark: string): string[] {
  const rows = [...mark].map((each) => JIS_X_0208.get(each));
  if (rows.some((each) => each === undefined)) return [];
  const codes = rows as readonly (readonly [number, number])[];
  const spell = (encode: (row: number, cell: number) => readonly number[]) =>
    Buffer.from(codes.flatMap(([row, cell]) => encode(row, cell))).toString('latin1');
  return [
    spell((row, cell) => [row + 0x20, cell + 0x20]),
    spell((row, cell) => [row + 0xa0, cell + 0xa0]),
    spell((row, cell) => {
      const lead = Math.floor((row - 1) / 2) + (row <= 62 ? 0x81 : 0xc1);
      const trail = row % 2 === 0 ? cell + 0x9e : cell + (cell < 64 ? 0x3f : 0x40);
      return [lead, trail];
    }),
  ];
}

/** What of the mark is certain in base64, wherever in the text it starts. */
function base64Spellings(mark: string): string[] {
  const bytes = Buffer.from(mark, 'utf8');
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const start = Math.ceil((offset * 8) / 6);
    const whole = Math.floor(((offset + bytes.length) * 8) / 6);
    return encoded.slice(start, whole);
  });
}

function isASCII(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/** Row and cell of each character of the marks, found by decoding the whole table as EUC. */
const JIS_X_0208: ReadonlyMap<string, readonly [number, number]> = (() => {
  const wanted = new Set(Object.values(PHI_MARKS).flatMap((mark) => (isASCII(mark) ? [] : [...mark])));
  const decoder = new TextDecoder('euc-jp');
  const table = new Map<string, readonly [number, number]>();
  for (let row = 1; row <= 84; row++) {
    for (let cell = 1; cell <= 94; cell++) {
      const character = decoder.decode(Uint8Array.of(row + 0xa0, cell + 0xa0));
      if (wanted.has(character)) table.set(character, [row, cell]);
    }
  }
  return table;
})();

const UNCHANGED = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const FOLDED = UNCHANGED.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

interface Pattern {
  readonly mark: string;
  readonly spelling: Uint8Array;
}

/** By the first two bytes, the first one high. */
type Patterns = readonly (readonly Pattern[] | undefined)[];

function patternsOf(spellings: (mark: string) => readonly string[], folding: Uint8Array): Patterns {
  const table = new Array<Pattern[] | undefined>(65536).fill(undefined);
  for (const mark of Object.values(PHI_MARKS)) {
    for (const latin1 of new Set(spellings(mark))) {
      const spelling = Uint8Array.from(Buffer.from(latin1, 'latin1'), (byte) => folding[byte]!);
      const key = (spelling[0]! << 8) | spelling[1]!;
      const known = table[key];
      if (known === undefined) table[key] = [{ mark, spelling }];
      else known.push({ mark, spelling });
    }
  }
  return table;
}

const ANY_CASE = patternsOf(plainSpellings, FOLDED);
/** Base64 is of one case. */
const THIS_CASE = patternsOf(
  (mark) => [mark, mark.toLowerCase(), mark.toUpperCase()].flatMap(base64Spellings),
  UNCHANGED,
);
