import { BY_ESCAPE, type CodeElement, type Repertoire } from './character-repertoire';

/** Code extension techniques of ISO/IEC 2022 as DICOM uses them (PS3.5 6.1.2.5). */

const ESC = 0x1b;
const BACKSLASH = 0x5c;
const CARET = 0x5e;
const EQUALS = 0x3d;

export interface CodeExtensions {
  /** Active at the start of every value, line, page, and component of a name: those of Value 1. */
  readonly g0: CodeElement;
  readonly g1: CodeElement | undefined;
  /** What else may be designated, in the order of the values. */
  readonly others: readonly CodeElement[];
  /** Whether escape sequences are used at all. */
  readonly extended: boolean;
}

/** Where a delimiter may separate: values, and components and component groups of a name. */
export interface Delimiters {
  readonly values: boolean;
  readonly name: boolean;
}

function escapeAt(bytes: Uint8Array, at: number): CodeElement | undefined {
  const two = String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0);
  return BY_ESCAPE.get(two) ?? BY_ESCAPE.get(two + String.fromCharCode(bytes[at + 3] ?? 0));
}

/** Undecodable bytes come out as the Latin-1 characters of the same number. */
export function decodeExtended(bytes: Uint8Array, sets: CodeExtensions, delimiters: Delimiters): string[] {
  const values: string[] = [];
  let text = '';
  let { g0, g1 } = sets;
  // Some writers designate G1 once per element instead of once per component: then the last one, or the only one, holds.
  let lastG1 = g1 ?? sets.others.find(({ area }) => area === 'G1');
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at]!;
    if (byte === ESC && sets.extended) {
      const designated = escapeAt(bytes, at);
      if (designated !== undefined) {
        if (designated.area === 'G0') g0 = designated;
        else lastG1 = g1 = designated;
        at += 1 + designated.escape.length;
        continue;
      }
    }
    if (byte < 0x20 || byte === 0x7f) {
      if (byte !== ESC) ({ g0, g1 } = sets);
      text += String.fromCharCode(byte);
      at += 1;
      continue;
    }
    if (byte < 0x80 && g0.repertoire.bytesPerCharacter === 1) {
      if (byte === BACKSLASH && delimiters.values) {
        ({ g0, g1 } = sets);
        values.push(text);
        text = '';
      } else {
        if ((byte === CARET || byte === EQUALS) && delimiters.name) ({ g0, g1 } = sets);
        text += g0.repertoire.decode(byte) ?? String.fromCharCode(byte);
      }
      at += 1;
      continue;
    }
    const repertoire: Repertoire | undefined = byte < 0x80 ? g0.repertoire : (g1 ?? lastG1)?.repertoire;
    const step = characterAt(bytes, at, repertoire);
    text += step.text;
    at += step.length;
  }
  values.push(text);
  return values;
}

function characterAt(
  bytes: Uint8Array,
  at: number,
  repertoire: Repertoire | undefined,
): { readonly text: string; readonly length: number } {
  const byte = bytes[at]!;
  if (repertoire !== undefined) {
    if (repertoire.bytesPerCharacter === 1) {
      const text = repertoire.decode(byte & 0x7f);
      if (text !== undefined && byte >= 0xa0) return { text, length: 1 };
    } else {
      const next = bytes[at + 1];
      // Both bytes of a character lie in the same half.
      if (next !== undefined && (next ^ byte) < 0x80) {
        const text = repertoire.decode(((byte & 0x7f) << 8) | (next & 0x7f));
        if (text !== undefined) return { text, length: 2 };
      }
    }
  }
  return { text: String.fromCharCode(byte), length: 1 };
}

/** Appends the bytes of one value; false where a character is in none of the sets. */
export function encodeExtended(text: string, sets: CodeExtensions, delimiters: Delimiters, out: number[]): boolean {
  let { g0, g1 } = sets;
  const backToG0 = (): void => {
    if (g0 === sets.g0) return;
    designate(sets.g0, out);
    g0 = sets.g0;
  };
  for (const character of text) {
    const point = character.codePointAt(0)!;
    const isControl = point < 0x20 || point === 0x7f;
    if (isControl || (delimiters.name && (character === '^' || character === '='))) {
      // PS3.5 6.1.2.5.3: the sets of Value 1 are active before a control character and a delimiter.
      backToG0();
      ({ g1 } = sets);
      out.push(point);
      continue;
    }
    const chosen = choose(character, g0, g1, sets);
    if (chosen === undefined) return false;
    const { element, code } = chosen;
    if (element.area === 'G0') {
      // A backslash that is no delimiter cannot be told from one.
      if (delimiters.values && element.repertoire.bytesPerCharacter === 1 && code === BACKSLASH) return false;
      if (element !== g0) designate(element, out);
      g0 = element;
    } else {
      if (element !== g1) designate(element, out);
      g1 = element;
    }
    const high = element.area === 'G1' ? 0x80 : 0;
    if (element.repertoire.bytesPerCharacter === 2) out.push((code >>> 8) | high);
    out.push((code & 0x7f) | high);
  }
  backToG0();
  return true;
}

/** The active sets first, so that no escape sequence is spent without need. */
function choose(
  character: string,
  g0: CodeElement,
  g1: CodeElement | undefined,
  sets: CodeExtensions,
): { readonly element: CodeElement; readonly code: number } | undefined {
  for (const element of [g0, g1, sets.g0, sets.g1, ...(sets.extended ? sets.others : [])]) {
    const code = element?.repertoire.encode(character);
    if (element !== undefined && code !== undefined) return { element, code };
  }
  return undefined;
}

function designate(element: CodeElement, out: number[]): void {
  out.push(ESC);
  for (const character of element.escape) out.push(character.charCodeAt(0));
}
