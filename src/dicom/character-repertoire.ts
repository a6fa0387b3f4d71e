/**
 * Character repertoires of Specific Character Set (PS3.3 C.12.1.1.2, Tables C.12-2 to C.12-5; PS3.5 6.1.2). The
 * mappings are those of the platform's ICU, read off once per repertoire by decoding every code.
 */

/** Codes of one byte in G1 (0xA0-0xFF), or of two bytes, to characters and back. */
export interface Repertoire {
  readonly bytesPerCharacter: 1 | 2;
  /** By the code with its high bits cleared: 0x20-0x7F, or row and cell 0x2121-0x7E7E. */
  decode(code: number): string | undefined;
  encode(character: string): number | undefined;
}

const UNASSIGNED = '\ufffd';

function lazily(bytesPerCharacter: 1 | 2, build: () => Map<number, string>): Repertoire {
  let toText: Map<number, string> | undefined;
  let toCode: Map<string, number> | undefined;
  return {
    bytesPerCharacter,
    decode(code) {
      toText ??= build();
      return toText.get(code);
    },
    encode(character) {
      toText ??= build();
      if (toCode === undefined) {
        toCode = new Map();
        for (const [code, text] of toText) if (!toCode.has(text)) toCode.set(text, code);
      }
      return toCode.get(character);
    },
  };
}

/** The right half of an ISO 8859 part; the labels of the Encoding Standard agree with ISO there. */
function rightHalf(label: string): Repertoire {
  return lazily(1, () => {
    const decoder = new TextDecoder(label);
    const table = new Map<number, string>();
    for (let code = 0x20; code <= 0x7f; code++) {
      const text = decoder.decode(Uint8Array.of(code | 0x80));
      if (text !== UNASSIGNED) table.set(code, text);
    }
    return table;
  });
}

/** A 94×94 set, as it lies in an EUC form. */
function rows(label: string, lead?: number): Repertoire {
  return lazily(2, () => {
    const decoder = new TextDecoder(label);
    const table = new Map<number, string>();
    for (let row = 0x21; row <= 0x7e; row++) {
      for (let cell = 0x21; cell <= 0x7e; cell++) {
        const pair = [row | 0x80, cell | 0x80];
        const text = decoder.decode(Uint8Array.from(lead === undefined ? pair : [lead, ...pair]));
        if (!text.includes(UNASSIGNED) && [...text].length === 1) table.set((row << 8) | cell, text);
      }
    }
    return table;
  });
}

const KATAKANA = lazily(1, () => {
  const table = new Map<number, string>();
  // JIS X 0201 is half-width katakana: 0xA1-0xDF are U+FF61-U+FF9F.
  for (let code = 0x21; code <= 0x5f; code++) table.set(code, String.fromCharCode(0xff61 + code - 0x21));
  return table;
});

const ASCII: Repertoire = lazily(1, () => {
  const table = new Map<number, string>();
  for (let code = 0x20; code <= 0x7e; code++) table.set(code, String.fromCharCode(code));
  return table;
});

/** JIS X 0201 romaji: ISO-IR 14 differs from ISO-IR 6 in two places. */
const ROMAJI: Repertoire = lazily(1, () => {
  const table = new Map<number, string>();
  for (let code = 0x20; code <= 0x7e; code++) table.set(code, String.fromCharCode(code));
  table.set(0x5c, '\u00a5');
  table.set(0x7e, '\u203e');
  return table;
});

/** A code element: where it is designated to, and by which escape sequence (without ESC) (PS3.5 6.1.2.5). */
export interface CodeElement {
  readonly repertoire: Repertoire;
  readonly area: 'G0' | 'G1';
  readonly escape: string;
}

function codeElement(area: 'G0' | 'G1', sequence: string, repertoire: Repertoire): CodeElement {
  return { area, escape: sequence, repertoire };
}

export const G0_ASCII = codeElement('G0', '(B', ASCII);
const G0_ROMAJI = codeElement('G0', '(J', ROMAJI);

/** By the number in ISO_IR n and ISO 2022 IR n: what Value 1 makes active, and what an escape sequence can. */
export const CODE_ELEMENTS: ReadonlyMap<string, readonly CodeElement[]> = new Map<string, readonly CodeElement[]>([
  ['6', [G0_ASCII]],
  ['100', [G0_ASCII, codeElement('G1', '-A', rightHalf('iso-8859-1'))]],
  ['101', [G0_ASCII, codeElement('G1', '-B', rightHalf('iso-8859-2'))]],
  ['109', [G0_ASCII, codeElement('G1', '-C', rightHalf('iso-8859-3'))]],
  ['110', [G0_ASCII, codeElement('G1', '-D', rightHalf('iso-8859-4'))]],
  ['144', [G0_ASCII, codeElement('G1', '-L', rightHalf('iso-8859-5'))]],
  ['127', [G0_ASCII, codeElement('G1', '-G', rightHalf('iso-8859-6'))]],
  ['126', [G0_ASCII, codeElement('G1', '-F', rightHalf('iso-8859-7'))]],
  ['138', [G0_ASCII, codeElement('G1', '-H', rightHalf('iso-8859-8'))]],
  ['148', [G0_ASCII, codeElement('G1', '-M', rightHalf('iso-8859-9'))]],
  ['203', [G0_ASCII, codeElement('G1', '-b', rightHalf('iso-8859-15'))]],
  ['166', [G0_ASCII, codeElement('G1', '-T', rightHalf('windows-874'))]],
  ['13', [G0_ROMAJI, codeElement('G1', ')I', KATAKANA)]],
  ['87', [codeElement('G0', '$B', rows('euc-jp'))]],
  ['159', [codeElement('G0', '$(D', rows('euc-jp', 0x8f))]],
  ['149', [codeElement('G1', '$)C', rows('euc-kr'))]],
  ['58', [codeElement('G1', '$)A', rows('gbk'))]],
]);

/** Those that may stand in ISO_IR n, without code extensions (Table C.12-2). */
export const WITHOUT_EXTENSIONS: ReadonlySet<string> = new Set(
  [...CODE_ELEMENTS]
    .filter(([, elements]) => elements.every(({ repertoire }) => repertoire.bytesPerCharacter === 1))
    .map(([number]) => number),
);

export const BY_ESCAPE: ReadonlyMap<string, CodeElement> = new Map(
  [...CODE_ELEMENTS.values()].flat().map((each) => [each.escape, each]),
);

/** GBK and GB18030 (PS3.5 6.1.2.4): codes of two bytes, by decoding them all. */
let twoBytes: Map<string, number> | undefined;
/** GB18030 codes of four bytes within the Basic Multilingual Plane, as linear numbers. */
let fourBytes: Map<string, number> | undefined;

function gbTwoBytes(): Map<string, number> {
  const decoder = new TextDecoder('gb18030');
  const table = new Map<string, number>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue;
      const text = decoder.decode(Uint8Array.of(lead, trail));
      if (text.length === 1 && text !== UNASSIGNED && !table.has(text)) table.set(text, (lead << 8) | trail);
    }
  }
  return table;
}

function linearBytes(linear: number): number[] {
  return [
    0x81 + Math.floor(linear / 12600),
    0x30 + (Math.floor(linear / 1260) % 10),
    0x81 + (Math.floor(linear / 10) % 126),
    0x30 + (linear % 10),
  ];
}

function gbFourBytes(): Map<string, number> {
  const decoder = new TextDecoder('gb18030');
  const table = new Map<string, number>();
  for (let linear = 0; linear <= 39419; linear++) {
    const text = decoder.decode(Uint8Array.from(linearBytes(linear)));
    if (text.length === 1 && text !== UNASSIGNED && !table.has(text)) table.set(text, linear);
  }
  return table;
}

/** Bytes of one character in GB18030, or in GBK, which has no codes of four bytes; undefined where it has no code. */
export function gbBytes(character: string, fourByteCodes: boolean): readonly number[] | undefined {
  const point = character.codePointAt(0)!;
  if (point < 0x80) return [point];
  twoBytes ??= gbTwoBytes();
  const pair = twoBytes.get(character);
  if (pair !== undefined) return [pair >>> 8, pair & 0xff];
  if (!fourByteCodes) return undefined;
  if (point >= 0x10000) return linearBytes(189000 + point - 0x10000);
  fourBytes ??= gbFourBytes();
  const linear = fourBytes.get(character);
  return linear === undefined ? undefined : linearBytes(linear);
}
