import type { VR } from '../dicom/vr';
import type { ProfileRow, TableCode } from './action-codes';
import * as e2026d from './generated/e1-1-2026d';

/** Editions of Table E.1-1 that can be chosen; a session records the one it ran under. */
export type Edition = '2026d';

/** One edition of PS3.15 Table E.1-1, by tag. */
export interface ProfileTable {
  readonly edition: Edition;
  readonly origin: string;
  readonly rows: ReadonlyMap<number, ProfileRow>;
  /** (gggg,eeee) of odd groups, (50xx,xxxx), (60xx,3000), (60xx,4000) */
  readonly patterns: {
    readonly private: ProfileRow;
    readonly curve: ProfileRow;
    readonly overlayData: ProfileRow;
    readonly overlayComments: ProfileRow;
  };
}

type Row = readonly [unknown, keyword: string, vr: string, basic: string, options: string];

function profileRow([, keyword, vr, basic, options]: Row): ProfileRow & { readonly vr: VR } {
  return { keyword, vr: vr as VR, basic: basic as TableCode, options };
}

function patternRow(rows: readonly Row[], pattern: string): ProfileRow {
  const row = rows.find(([name]) => name === pattern);
  if (row === undefined) throw new Error(`Table E.1-1 has no row ${pattern}`);
  return profileRow(row);
}

function load(): ProfileTable {
  return {
    edition: e2026d.EDITION as Edition,
    origin: e2026d.ORIGIN,
    rows: new Map(e2026d.ROWS.map((row) => [row[0], profileRow(row)])),
    patterns: {
      private: patternRow(e2026d.PATTERN_ROWS, 'ggggeeee'),
      curve: patternRow(e2026d.PATTERN_ROWS, '50xxxxxx'),
      overlayData: patternRow(e2026d.PATTERN_ROWS, '60xx3000'),
      overlayComments: patternRow(e2026d.PATTERN_ROWS, '60xx4000'),
    },
  };
}

let loaded: ProfileTable | undefined;

export function profileTable(_edition: Edition): ProfileTable {
  loaded ??= load();
  return loaded;
}
