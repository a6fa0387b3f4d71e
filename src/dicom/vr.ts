/** Value representations and how each is encoded (PS3.5 6.2, Table 6.2-1; 7.1.2, Tables 7.1-1 and 7.1-2). */

export type VR =
  | 'AE'
  | 'AS'
  | 'AT'
  | 'CS'
  | 'DA'
  | 'DS'
  | 'DT'
  | 'FD'
  | 'FL'
  | 'IS'
  | 'LO'
  | 'LT'
  | 'OB'
  | 'OD'
  | 'OF'
  | 'OL'
  | 'OV'
  | 'OW'
  | 'PN'
  | 'SH'
  | 'SL'
  | 'SQ'
  | 'SS'
  | 'ST'
  | 'SV'
  | 'TM'
  | 'UC'
  | 'UI'
  | 'UL'
  | 'UN'
  | 'UR'
  | 'US'
  | 'UT'
  | 'UV';

export interface ValueRepresentation {
  readonly vr: VR;
  readonly kind: 'text' | 'number' | 'bytes' | 'sequence';
  /** Explicit VR: two reserved bytes and a 32-bit length follow the VR (PS3.5 7.1.2). */
  readonly longLength: boolean;
  /** Size of what changes places between byte orders. */
  readonly unit: 1 | 2 | 4 | 8;
  /** Specific Character Set (0008,0005) applies (PS3.5 6.1.2.2). */
  readonly extendedCharacters: boolean;
  /** Backslash separates values. */
  readonly multiple: boolean;
  /** Leading spaces are not part of the value. */
  readonly leadingSpaces: 'kept' | 'trimmed';
  readonly padding: 0x20 | 0x00;
  /** Characters per value (PN: per component group); undefined: bounded by the length field only. */
  readonly maximum: number | undefined;
}

function text(
  vr: VR,
  maximum: number | undefined,
  traits: Partial<
    Pick<ValueRepresentation, 'longLength' | 'extendedCharacters' | 'multiple' | 'leadingSpaces' | 'padding'>
  > = {},
): ValueRepresentation {
  return {
    vr,
    kind: 'text',
    longLength: false,
    unit: 1,
    extendedCharacters: false,
    multiple: true,
    leadingSpaces: 'trimmed',
    padding: 0x20,
    maximum,
    ...traits,
  };
}

function binary(
  vr: VR,
  kind: 'number' | 'bytes' | 'sequence',
  unit: 1 | 2 | 4 | 8,
  longLength: boolean,
): ValueRepresentation {
  return {
    vr,
    kind,
    longLength,
    unit,
    extendedCharacters: false,
    multiple: kind === 'number',
    leadingSpaces: 'kept',
    padding: 0x00,
    maximum: undefined,
  };
}

export const VALUE_REPRESENTATIONS: { readonly [K in VR]: ValueRepresentation } = {
  AE: text('AE', 16),
  AS: text('AS', 4),
  AT: binary('AT', 'number', 2, false),
  CS: text('CS', 16),
  DA: text('DA', 18), // 8, or a range of two in a query
  DS: text('DS', 16),
  DT: text('DT', 54),
  FD: binary('FD', 'number', 8, false),
  FL: binary('FL', 'number', 4, false),
  IS: text('IS', 12),
  LO: text('LO', 64, { extendedCharacters: true }),
  LT: text('LT', 10240, { extendedCharacters: true, multiple: false, leadingSpaces: 'kept' }),
  OB: binary('OB', 'bytes', 1, true),
  OD: binary('OD', 'bytes', 8, true),
  OF: binary('OF', 'bytes', 4, true),
  OL: binary('OL', 'bytes', 4, true),
  OV: binary('OV', 'bytes', 8, true),
  OW: binary('OW', 'bytes', 2, true),
  PN: text('PN', 64, { extendedCharacters: true }),
  SH: text('SH', 16, { extendedCharacters: true }),
  SL: binary('SL', 'number', 4, false),
  SQ: binary('SQ', 'sequence', 1, true),
  SS: binary('SS', 'number', 2, false),
  ST: text('ST', 1024, { extendedCharacters: true, multiple: false, leadingSpaces: 'kept' }),
  SV: binary('SV', 'number', 8, true),
  TM: text('TM', 28),
  UC: text('UC', undefined, { longLength: true, extendedCharacters: true, leadingSpaces: 'kept' }),
  UI: text('UI', 64, { padding: 0x00 }),
  UL: binary('UL', 'number', 4, false),
  UN: binary('UN', 'bytes', 1, true),
  UR: text('UR', undefined, { longLength: true, multiple: false, leadingSpaces: 'kept' }),
  US: binary('US', 'number', 2, false),
  UT: text('UT', undefined, { longLength: true, extendedCharacters: true, multiple: false, leadingSpaces: 'kept' }),
  UV: binary('UV', 'number', 8, true),
};

export function isVR(text: string): text is VR {
  return Object.hasOwn(VALUE_REPRESENTATIONS, text);
}

/** VR by its two letters as a little endian number; a table, because the reader asks for every element. */
const BY_CODE: readonly (ValueRepresentation | undefined)[] = (() => {
  const table = new Array<ValueRepresentation | undefined>(26 * 26).fill(undefined);
  for (const traits of Object.values(VALUE_REPRESENTATIONS)) {
    table[(traits.vr.charCodeAt(0) - 65) * 26 + traits.vr.charCodeAt(1) - 65] = traits;
  }
  return table;
})();

/** The value representation spelled by two bytes, undefined where there is none. */
export function valueRepresentationOf(first: number, second: number): ValueRepresentation | undefined {
  if (first < 65 || first > 90 || second < 65 || second > 90) return undefined;
  return BY_CODE[(first - 65) * 26 + second - 65];
}
