import { CharacterSet } from '../../../src/dicom/character-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { TAGS } from '../../../src/dicom/tags';
import { readCorpusFile, suiteNeedingCorpus } from '../../support/corpus';

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** Name, character set, and bytes as PS3.5 Annexes H to K spell them. */
const EXAMPLES: readonly (readonly [clause: string, values: readonly string[], text: string, encoded: string])[] = [
  ['no character set', [], 'Adams^John Robert Quincy^^Rev.', 'Adams^John Robert Quincy^^Rev.'],
  ['ISO 8859-1', ['ISO_IR 100'], 'Buc^Jérôme', 'Buc^J\xe9r\xf4me'],
  ['ISO 8859-2', ['ISO_IR 101'], 'Dvořák', 'Dvo\xf8\xe1k'],
  ['ISO 8859-5', ['ISO_IR 144'], 'Люкceмбypг', '\xbb\xee\xdace\xdc\xd1yp\xd3'],
  ['ISO 8859-6', ['ISO_IR 127'], 'قباني^لنزار', '\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1'],
  ['ISO 8859-7', ['ISO_IR 126'], 'Διονυσιος', '\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2'],
  ['ISO 8859-8', ['ISO_IR 138'], 'שרון^דבורה', '\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4'],
  ['ISO 8859-9', ['ISO_IR 148'], 'Çavuşoğlu', '\xc7avu\xfeo\xf0lu'],
  ['ISO 8859-15', ['ISO_IR 203'], '€Œ', '\xa4\xbc'],
  ['TIS 620', ['ISO_IR 166'], 'นามสกุล', '\xb9\xd2\xc1\xca\xa1\xd8\xc5'],
  ['JIS X 0201', ['ISO_IR 13'], 'ﾔﾏﾀﾞ^ﾀﾛｳ', '\xd4\xcf\xc0\xde^\xc0\xdb\xb3'],
  [
    'H.3.1',
    ['', 'ISO 2022 IR 87'],
    'Yamada^Tarou=山田^太郎=やまだ^たろう',
    'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B',
  ],
  [
    'H.3.2',
    ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
    'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
    '\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J',
  ],
  [
    'I.2',
    ['', 'ISO 2022 IR 149'],
    'Hong^Gildong=洪^吉洞=홍^길동',
    'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf',
  ],
  [
    'J.3 (GB2312)',
    ['', 'ISO 2022 IR 58'],
    'Zhang^XiaoDong=张^小东=',
    'Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=',
  ],
  ['J.1 (UTF-8)', ['ISO_IR 192'], 'Wang^XiaoDong=王^小東=', 'Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1='],
  ['J.2 (GB18030)', ['GB18030'], 'Wang^XiaoDong=王^小东=', 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab='],
  ['GBK', ['GBK'], 'Wang^XiaoDong=王^小东=', 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab='],
];

describe('character sets', () => {
  it.each(EXAMPLES)('%s is read and written as the standard spells it', (_clause, values, text, encoded) => {
    const characterSet = CharacterSet.of(values);
    expect(characterSet.known).toBe(true);
    expect(characterSet.decode(bytes(encoded), 'PN')).toBe(text);
    expect(Buffer.from(characterSet.encode(text, 'PN')).toString('latin1')).toBe(encoded);
    expect(characterSet.canEncode(text)).toBe(true);
  });

  it('several single-byte sets are told apart by their escape sequences', () => {
    const characterSet = CharacterSet.of(['ISO 2022 IR 100', 'ISO 2022 IR 126', 'ISO 2022 IR 144']);
    const encoded = 'Jos\xe9 \x1b-F\xc4\xe9\x1b-L\xbb\xee';
    expect(characterSet.decode(bytes(encoded), 'LO')).toBe('José ΔιЛю');
    expect(characterSet.decode(characterSet.encode('José ΔιЛю', 'LO'), 'LO')).toBe('José ΔιЛю');
  });

  it('JIS X 0212 is reached by its escape sequence', () => {
    const characterSet = CharacterSet.of(['', 'ISO 2022 IR 87', 'ISO 2022 IR 159']);
    const text = '山丂';
    const encoded = characterSet.encode(text, 'LO');
    expect(Buffer.from(encoded).toString('latin1')).toContain('\x1b$(D');
    expect(characterSet.decode(encoded, 'LO')).toBe(text);
  });

  it('the sets of Value 1 are active again behind a delimiter, a line end and a component', () => {
    const characterSet = CharacterSet.of(['ISO 2022 IR 100', 'ISO 2022 IR 126']);
    expect(characterSet.decodeValues(bytes('\x1b-F\xc4\\\xc4'), 'LO')).toEqual(['Δ', 'Ä']);
    expect(characterSet.decode(bytes('\x1b-F\xc4\r\n\xc4'), 'LT')).toBe('Δ\r\nÄ');
    expect(characterSet.decode(bytes('\x1b-F\xc4^\xc4'), 'PN')).toBe('Δ^Ä');
    expect(characterSet.decode(bytes('\x1b-F\xc4^\xc4'), 'LO')).toBe('Δ^Δ');
  });

  it.each([
    ['GB18030', '\x81\x5c'],
    ['GBK', '\x81\x5c'],
  ])('a byte 5C within a character of %s separates no values', (term, pair) => {
    const characterSet = CharacterSet.of([term]);
    const values = characterSet.decodeValues(bytes(`a${pair}\\b`), 'LO');
    expect(values).toHaveLength(2);
    expect(values[0]).toHaveLength(2);
    expect(Buffer.from(characterSet.encodeValues(values, 'LO')).toString('latin1')).toBe(`a${pair}\\b`);
  });

  it('a byte 5C within a character of JIS X 0208 separates no values', () => {
    const characterSet = CharacterSet.of(['', 'ISO 2022 IR 87']);
    expect(characterSet.decodeValues(bytes('\x1b$B%\\\x1b(B\\b'), 'LO')).toEqual(['ボ', 'b']);
  });

  it('5C and 7E of JIS X 0201 are yen and overline, unless 5C separates values', () => {
    const characterSet = CharacterSet.of(['ISO_IR 13']);
    expect(characterSet.decode(bytes('\x5c100\x7e'), 'ST')).toBe('¥100‾');
    expect(characterSet.decodeValues(bytes('a\x5cb'), 'LO')).toEqual(['a', 'b']);
    expect(() => characterSet.encode('¥100', 'LO')).toThrow(expect.objectContaining({ code: 'CHARACTER_NOT_IN_SET' }));
    expect(() => characterSet.encode('~', 'ST')).toThrow(expect.objectContaining({ code: 'CHARACTER_NOT_IN_SET' }));
  });

  it('text that a set cannot spell is a Fault that does not quote it', () => {
    for (const values of [[], ['ISO_IR 100'], ['ISO 2022 IR 13', 'ISO 2022 IR 87'], ['GBK']]) {
      const characterSet = CharacterSet.of(values);
      expect(characterSet.canEncode('Πλάτων 한')).toBe(false);
      expect(() => characterSet.encode('Πλάτων 한', 'LO')).toThrow(
        expect.objectContaining({ code: 'CHARACTER_NOT_IN_SET', message: expect.not.stringContaining('한') }),
      );
    }
    expect(CharacterSet.of(['GB18030']).canEncode('Πλάτων 한 😀')).toBe(true);
    expect(CharacterSet.of(['ISO_IR 192']).canEncode('\ud800')).toBe(false);
  });

  it('an unknown term is said to be unknown, and text is read byte for byte', () => {
    for (const term of ['NONSENSE', 'ISO_IR 999', 'ISO_IR 87']) {
      const characterSet = CharacterSet.of([term]);
      expect(characterSet.known).toBe(false);
      expect(characterSet.decode(bytes('a\x80\xff\x1b$B'), 'LO')).toBe('a\x80\xff\x1b$B');
      expect(characterSet.canEncode('é')).toBe(false);
    }
  });

  it('bytes that are in no set come out as one character each', () => {
    expect(CharacterSet.of([]).decode(bytes('J\xe9r'), 'LO')).toBe('Jér');
    expect(CharacterSet.of(['', 'ISO 2022 IR 149']).decode(bytes('\x1b$)C\xff\xff'), 'LO')).toBe('ÿÿ');
    expect(CharacterSet.of(['', 'ISO 2022 IR 87']).decode(bytes('\x1b$B$'), 'LO')).toBe('$');
  });

  it('applies to no VR of the default repertoire', () => {
    expect(CharacterSet.of(['ISO_IR 192']).decode(bytes('\xc3\xa9'), 'CS')).toBe('Ã©');
  });
});

suiteNeedingCorpus('names in the character set files of the corpus', () => {
  it.each([
    ['chrArab', 'قباني^لنزار'],
    ['chrFren', 'Buc^Jérôme'],
    ['chrGerm', 'Äneas^Rüdiger'],
    ['chrGreek', 'Διονυσιος'],
    ['chrH31', 'Yamada^Tarou=山田^太郎=やまだ^たろう'],
    ['chrH32', 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう'],
    ['chrHbrw', 'שרון^דבורה'],
    ['chrI2', 'Hong^Gildong=洪^吉洞=홍^길동'],
    ['chrJapMulti', 'やまだ^たろう'],
    ['chrJapMultiExplicitIR6', 'やまだ^たろう'],
    ['chrKoreanMulti', '김희중'],
    ['chrRuss', 'Люкceмбypг'],
    ['chrX1', 'Wang^XiaoDong=王^小東='],
    ['chrX2', 'Wang^XiaoDong=王^小东='],
  ])('%s: %s', (file, name) => {
    const { header } = readPart10Bytes(readCorpusFile(`pydicom-wheel/charset_files/${file}.dcm`));
    expect(header.strings(TAGS.PatientName)).toEqual([name]);
  });

  it('an item has its own character set', () => {
    const { header } = readPart10Bytes(readCorpusFile('pydicom-wheel/charset_files/chrSQEncoding.dcm'));
    const names: string[] = [];
    for (const { items } of header.elements)
      for (const item of items ?? []) names.push(...item.strings(TAGS.PatientName));
    expect(names).toEqual(['ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう']);
  });
});
