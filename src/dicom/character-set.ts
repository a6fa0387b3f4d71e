import { cannot } from '../base/errors';
import { CODE_ELEMENTS, type CodeElement, G0_ASCII, gbBytes, WITHOUT_EXTENSIONS } from './character-repertoire';
import { type CodeExtensions, type Delimiters, decodeExtended, encodeExtended } from './iso-2022';
import { VALUE_REPRESENTATIONS, type VR } from './vr';

const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** How the values of Specific Character Set are spelled, and misspelled. */
const TERM = /^ISO[ _-]?(2022[ _-]?)?IR[ _-]?(\d+)$/i;

type Scheme =
  | { readonly kind: 'iso'; readonly sets: CodeExtensions }
  | { readonly kind: 'utf-8' }
  | { readonly kind: 'gb'; readonly fourByteCodes: boolean };

const DEFAULT_REPERTOIRE: CodeExtensions = { g0: G0_ASCII, g1: undefined, others: [], extended: false };

/** Multi-byte sets without code extensions (PS3.3 Table C.12-5): they stand alone. */
const STANDING_ALONE: ReadonlyMap<string, Scheme> = new Map<string, Scheme>([
  ['ISO_IR 192', { kind: 'utf-8' }],
  ['GB18030', { kind: 'gb', fourByteCodes: true }],
  ['GBK', { kind: 'gb', fourByteCodes: false }],
]);

/** Undefined where a value is none of the standard's. */
function schemeOf(values: readonly string[]): Scheme | undefined {
  const terms = values.map((value) => value.trim());
  const alone = STANDING_ALONE.get(terms[0] ?? '');
  if (alone !== undefined) return alone;
  let extended = terms.length > 1;
  const elements: CodeElement[][] = [];
  for (const [at, term] of terms.entries()) {
    if (term === '' && at === 0) {
      elements.push([G0_ASCII]); // PS3.3 C.12.1.1.2: an empty Value 1 is ISO 2022 IR 6
      continue;
    }
    const match = TERM.exec(term);
    if (match === null) return undefined;
    const [, codeExtensions, number = ''] = match;
    if (number === '192' && terms.length === 1) return { kind: 'utf-8' };
    const found = CODE_ELEMENTS.get(number);
    if (found === undefined) return undefined;
    if (codeExtensions !== undefined) extended = true;
    else if (!WITHOUT_EXTENSIONS.has(number)) return undefined;
    elements.push([...found]);
  }
  const first = elements[0] ?? [G0_ASCII];
  const g0 = first.find(({ area, repertoire }) => area === 'G0' && repertoire.bytesPerCharacter === 1) ?? G0_ASCII;
  const g1 = first.find(({ area }) => area === 'G1');
  const others = elements.flat().filter((each) => each !== g0 && each !== g1);
  // ISO 2022 IR 6 can always be designated.
  if (g0 !== G0_ASCII && !others.includes(G0_ASCII)) others.push(G0_ASCII);
  return { kind: 'iso', sets: { g0, g1, others, extended } };
}

function delimitersOf(vr: VR): Delimiters {
  return { values: VALUE_REPRESENTATIONS[vr].multiple, name: vr === 'PN' };
}

function isPlain(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x80 || byte === 0x1b) return false;
  }
  return true;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

const CACHED = new Map<string, CharacterSet>();
const MOST_CACHED = 200;

/** Specific Character Set (0008,0005) (PS3.3 C.12.1.1.2, PS3.5 6.1, 6.2.1). */
export class CharacterSet {
  readonly values: readonly string[];
  /** All values are the standard's. Otherwise text is read byte for byte as Latin-1, and only ISO-IR 6 is written. */
  readonly known: boolean;
  private readonly scheme: Scheme;

  private constructor(values: readonly string[]) {
    this.values = values;
    const scheme = schemeOf(values);
    this.known = scheme !== undefined;
    this.scheme = scheme ?? { kind: 'iso', sets: DEFAULT_REPERTOIRE };
  }

  static of(values: readonly string[]): CharacterSet {
    const key = values.join('\\');
    let characterSet = CACHED.get(key);
    if (characterSet === undefined) {
      characterSet = new CharacterSet([...values]);
      if (CACHED.size < MOST_CACHED) CACHED.set(key, characterSet);
    }
    return characterSet;
  }

  /** The value field as text, values separated by backslashes. Never throws. */
  decode(bytes: Uint8Array, vr: VR): string {
    return this.decodeValues(bytes, vr).join('\\');
  }

  /** The values of a value field: a byte 5C within a character of several bytes does not separate. */
  decodeValues(bytes: Uint8Array, vr: VR): string[] {
    const traits = VALUE_REPRESENTATIONS[vr];
    const { scheme } = this;
    let text: string;
    if (!traits.extendedCharacters) text = asBuffer(bytes).toString('latin1');
    else if (scheme.kind === 'utf-8') text = asBuffer(bytes).toString('utf8');
    else if (isPlain(bytes) && !(scheme.kind === 'iso' && scheme.sets.g0 !== G0_ASCII)) {
      text = asBuffer(bytes).toString('latin1');
    } else if (scheme.kind === 'gb') text = new TextDecoder('gb18030').decode(bytes);
    else return decodeExtended(bytes, scheme.sets, delimitersOf(vr));
    return traits.multiple ? text.split('\\') : [text];
  }

  /** One value; a backslash is text, or Fault where the VR separates values by it. Throws CHARACTER_NOT_IN_SET. */
  encode(text: string, vr: VR): Uint8Array {
    return this.encodeValues([text], vr);
  }

  /** Values separated by backslashes. Throws Fault CHARACTER_NOT_IN_SET. */
  encodeValues(values: readonly string[], vr: VR): Uint8Array {
    const out: number[] = [];
    for (const [at, value] of values.entries()) {
      if (at > 0) out.push(0x5c);
      if (!this.append(value, vr, out)) {
        throw cannot('CHARACTER_NOT_IN_SET', 'a character cannot be written in the character set of the data set', {
          remedy: 'choose a replacement text of plain ASCII characters',
        });
      }
    }
    return Uint8Array.from(out);
  }

  canEncode(text: string): boolean {
    return this.append(text, 'UT', []);
  }

  private append(text: string, vr: VR, out: number[]): boolean {
    const delimiters = delimitersOf(vr);
    const { scheme } = this;
    if (!VALUE_REPRESENTATIONS[vr].extendedCharacters) return encodeExtended(text, DEFAULT_REPERTOIRE, delimiters, out);
    if (scheme.kind === 'iso') return encodeExtended(text, scheme.sets, delimiters, out);
    if (delimiters.values && text.includes('\\')) return false;
    if (scheme.kind === 'utf-8') {
      if (LONE_SURROGATE.test(text)) return false;
      for (const byte of Buffer.from(text, 'utf8')) out.push(byte);
      return true;
    }
    for (const character of text) {
      const bytes = gbBytes(character, scheme.fourByteCodes);
      if (bytes === undefined) return false;
      for (const byte of bytes) out.push(byte);
    }
    return true;
  }
}
