import type { DataElement } from '../dicom/data-set';
import type { VR } from '../dicom/vr';
import { KEPT_NUMBERS, SAFE_PRIVATE } from './generated/safe-private-2026d';
import { isLegalValue } from './legal-values';

/**
 * Private attributes that are known to be safe (PS3.15 E.3.10), by private creator and element. What an instance says
 * of its own private attributes in (0008,0300) is input from outside and keeps nothing.
 */
export interface SafePrivate {
  /** Empty where the table has none. */
  readonly vr: VR | '';
  readonly source: 'E.3.10-1' | 'numbers that TCIA keeps';
}

const known = new Map<string, SafePrivate>();
const creators = new Set<string>();

function learn(blocks: typeof SAFE_PRIVATE, source: SafePrivate['source']): void {
  for (const [group, creator, elements] of blocks) {
    creators.add(creator);
    for (const entry of elements.split(' ')) {
      const key = keyOf(group, creator, Number.parseInt(entry.slice(0, 2), 16));
      if (!known.has(key)) known.set(key, { vr: entry.slice(2) as VR | '', source });
    }
  }
}

function keyOf(group: number, creator: string, element: number): string {
  return `${group},${element},${creator}`;
}

/** `tag` is that of the element, whatever block its creator has reserved (PS3.5 7.8.1). */
export function safePrivate(tag: number, creator: string): SafePrivate | undefined {
  if (known.size === 0) {
    learn(SAFE_PRIVATE, 'E.3.10-1');
    learn(KEPT_NUMBERS, 'numbers that TCIA keeps');
  }
  return known.get(keyOf(tag >>> 16, creator, tag & 0xff));
}

/** Whether anything of this creator is known to be safe, so that its sequences are worth a look. */
export function isKnownCreator(creator: string): boolean {
  safePrivate(0, '');
  return creators.has(creator);
}

const BINARY_NUMBERS: Readonly<Partial<Record<VR, number>>> = {
  AT: 4,
  FD: 8,
  FL: 4,
  SL: 4,
  SS: 2,
  SV: 8,
  UL: 4,
  US: 2,
  UV: 8,
};
const CODED_TEXT: ReadonlySet<VR> = new Set<VR>(['DS', 'IS', 'CS']);

/** What a safe private attribute can hold, by the VR it has and the one that it is known to have. */
export function privateKind(
  element: DataElement,
  entry: SafePrivate,
): 'number' | 'coded' | 'text' | 'uid' | 'temporal' | 'other' {
  const vr = element.vr === 'UN' ? entry.vr : element.vr;
  if (vr === '') return 'other';
  const size = BINARY_NUMBERS[vr];
  if (size !== undefined) {
    // Who turned it into UN did not say what it is: letters and digits throughout are text, not numbers.
    return element.vr === 'UN' && (element.length % size !== 0 || isPrintable(element.bytes())) ? 'other' : 'number';
  }
  if (CODED_TEXT.has(vr)) return 'coded';
  if (entry.source !== 'E.3.10-1') return 'other';
  if (vr === 'LO' || vr === 'SH') return 'text';
  if (vr === 'UI') return 'uid';
  return vr === 'DA' || vr === 'DT' || vr === 'TM' ? 'temporal' : 'other';
}

/** The characters that the VR allows, and nothing else: no name in a Decimal String. */
export function isLegalCodedText(element: DataElement, entry: SafePrivate): boolean {
  const vr = element.vr === 'UN' ? entry.vr : element.vr;
  const bytes = element.bytes();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('latin1')
    .split('\\')
    .every((value) => isLegalValue(value.replaceAll('\0', ' ').trim(), vr as VR));
}

function isPrintable(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0);
}
