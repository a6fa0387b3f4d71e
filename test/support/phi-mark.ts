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
  for (let at = 0; at < bytes.length; at += WINDOW - OVERLAP) {
    const text = bytes.toString('latin1', at, Math.min(bytes.length, at + WINDOW));
    const lower = text.toLowerCase();
    for (const { mark, anyCase, thisCase } of PATTERNS) {
      if (found.has(mark)) continue;
      if (anyCase.some((each) => lower.includes(each)) || thisCase.some((each) => text.includes(each))) found.add(mark);
    }
    if (at + WINDOW >= bytes.length) break;
  }
  return [...found];
}

const WINDOW = 8 * 1024 * 1024;
const OVERLAP = 512;

interface MarkPatterns {
  readonly mark: string;
  /** Bytes as Latin-1, ASCII letters in lower case. */
  readonly anyCase: readonly string[];
  readonly thisCase: readonly string[];
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

const PATTERNS: readonly MarkPatterns[] = Object.values(PHI_MARKS).map((mark) => ({
  mark,
  anyCase: [...new Set(plainSpellings(mark).map((each) => each.toLowerCase()))],
  thisCase: [...new Set([mark, mark.toLowerCase(), mark.toUpperCase()].flatMap(base64Spellings))],
}));
