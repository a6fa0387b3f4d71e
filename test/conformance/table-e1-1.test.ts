import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolve } from '../../src/deidentification/action-codes';
import { attributeTypes } from '../../src/deidentification/attribute-types';
import { basicPolicy, Deidentifier } from '../../src/deidentification/deidentifier';
import { profileTable } from '../../src/deidentification/profile-table';
import { type DataElement, type DataSet, emptyElement, valuesOf } from '../../src/dicom/data-set';
import { lookUp } from '../../src/dicom/dictionary';
import { formatTag } from '../../src/dicom/tag';
import type { VR } from '../../src/dicom/vr';
import {
  followed,
  instance,
  key,
  markedElement,
  nested,
  pseudonyms,
  SECONDARY_CAPTURE,
} from '../support/deidentification-samples';

/**
 * PS3.15 Table E.1-1, edition 2026d, row by row as it stands in data/standard, against what the program does. The
 * Types are computed here from the full table of modules, by another way than the program's.
 */

interface Row {
  readonly tag: string;
  readonly keyword: string;
  readonly vr: string;
  readonly basic: string;
  readonly match?: string;
}
const standard = (name: string) =>
  JSON.parse(readFileSync(join(__dirname, '../../data/standard', `${name}.json`), 'utf8'));
const rows: Row[] = standard('ps3.15-e1-1');
const types: {
  sopClasses: Record<string, string>;
  iods: Record<string, string[]>;
  modules: Record<string, Record<string, string>>;
  functionalGroups: Record<string, Record<string, string>>;
} = standard('iod-attribute-types');

const STRICTEST = ['1', '1C', '2', '2C', '3'];

/** Every path that an IOD has, with the strictest Type of its modules and functional groups. */
function pathsOf(iod: string): Map<string, string> {
  const result = new Map<string, string>();
  const note = (path: string, type: string) => {
    const known = result.get(path);
    if (known === undefined || STRICTEST.indexOf(type) < STRICTEST.indexOf(known)) result.set(path, type);
  };
  const [modules = '', groups = ''] = types.iods[iod]!;
  const names = (text: string) => (text === '' ? [] : text.split(' ').map((entry) => entry.split(':')[0]!));
  for (const name of names(modules)) {
    for (const [path, type] of Object.entries(types.modules[name] ?? {})) note(path, type);
  }
  for (const name of names(groups)) {
    for (const [path, type] of Object.entries(types.functionalGroups[name] ?? {})) {
      note(`52009229/${path}`, type);
      note(`52009230/${path}`, type);
    }
  }
  return result;
}

/** Table E.1-1a and E.1.1, in words: what must have become of a present attribute. */
function expectedAction(basic: string, type: string | undefined): 'X' | 'Z' | 'D' | 'U' {
  const kind = type === undefined ? '3' : type.charAt(0);
  const options = basic.split('/');
  if (options.length === 1) {
    if (basic === 'X' && kind !== '3') return kind === '1' ? 'D' : 'Z';
    if (basic === 'Z' && kind === '1') return 'D';
    return basic as 'X' | 'Z' | 'D' | 'U';
  }
  if (kind === '3') return options[0] as 'X' | 'Z';
  if (basic === 'X/Z/U*') return kind === '1' ? 'U' : 'Z';
  if (kind === '2') return options.includes('Z') ? 'Z' : 'D';
  return 'D';
}

const deidentifier = new Deidentifier(basicPolicy());

function applied(header: DataSet): DataSet {
  const outcome = deidentifier.deidentify(header, pseudonyms);
  if (outcome.outcome !== 'passed') throw new Error(`held back: ${outcome.reason.code} ${outcome.reason.message}`);
  return outcome.value.dataSet;
}

const PATIENT_IDENTITY = new Set(['00100010', '00100020']);
const DIRECTORY_KEYS = new Set(['00080020', '00080030', '00200010']);
const IDENTIFIES_INSTANCE = new Set(['00080018', '0020000D', '0020000E']);

function text(element: DataElement, owner: DataSet): string {
  return Buffer.from(element.bytes()).toString('latin1') + valuesOf(element, owner).join('\\');
}

function expectOutcome(row: Row, action: string, before: DataElement, owner: DataSet | undefined, what: string): void {
  const after = owner?.element(before.tag);
  const seen = `${row.tag} ${row.keyword} ${what}: `;
  if (action === 'X') {
    expect(seen + (after === undefined ? 'absent' : 'present')).toBe(`${seen}absent`);
    return;
  }
  expect(seen + (after === undefined ? 'absent' : 'present')).toBe(`${seen}present`);
  const filled = before.items === null ? before.length > 0 : before.items.length > 0;
  if (PATIENT_IDENTITY.has(row.tag)) {
    expect(owner!.string(before.tag)?.replace('^', '')).toBe('CODE-0001');
  } else if (action === 'Z' && DIRECTORY_KEYS.has(row.tag)) {
    // Z permits a dummy; with these a media directory can still be built.
    expect(after!.length > 0).toBe(filled);
  } else if (action === 'Z') {
    expect(seen + (after!.items?.length ?? after!.length)).toBe(`${seen}0`);
  } else if (action === 'D') {
    if (row.vr === 'SQ' && !filled) return;
    if (row.vr === 'UI' && !filled) return;
    expect(seen + (after!.length > 0)).toBe(`${seen}true`);
  } else if (row.vr === 'UI') {
    const values = filled ? valuesOf(before, owner!).map((uid) => key.uid(uid)) : [];
    expect(valuesOf(after!, owner!)).toEqual(values);
  }
  if (after !== undefined && action !== 'U') {
    expect(text(after, owner!)).not.toMatch(/ZZMARK|2017|1347|7351|042Y/);
  }
}

const secondaryCapture = pathsOf(types.sopClasses[SECONDARY_CAPTURE]!);
/** Not in the table, and in no module with Types. */
const UNLISTED_SEQUENCES = [0x00540220, 0x00540222];
const SINGLE = new Set<VR>(['ST', 'LT', 'UT', 'UR', 'OB', 'OW', 'UN']);
const multiValued = (tag: number, vr: VR) => (lookUp(tag)?.vm ?? '1') !== '1' && !SINGLE.has(vr);

describe('Table E.1-1 under the Basic Profile', () => {
  test('is generated from data/standard as it stands', () => {
    const script = join(__dirname, '../../scripts/generate-deidentification-tables.mjs');
    const run = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    expect(run.stderr).not.toContain('out of date');
    expect(run.status).toBe(0);
  });

  test('is edition 2026d with 657 rows', () => {
    expect(rows).toHaveLength(657);
    expect(profileTable('2026d').rows.size).toBe(653);
    expect(rows.filter((row) => row.match)).toHaveLength(4);
  });

  test.each(rows.filter((row) => !row.match).map((row) => [`${row.tag} ${row.keyword} ${row.basic}`, row] as const))(
    '%s is done at the top, nested, empty, with many values, and not made where absent',
    (_, row) => {
      const tag = Number.parseInt(row.tag, 16);
      const vr = row.vr.split(' or ')[0] as VR;
      const stray = tag < 0x00080000;
      const top = stray ? 'X' : expectedAction(row.basic, secondaryCapture.get(row.tag));
      const inside = stray ? 'X' : expectedAction(row.basic, undefined);

      for (const explicitVR of [true, false]) {
        const header = instance((owner) => [markedElement(owner, tag, vr)], { explicitVR });
        const filled = header.element(tag)!;
        expectOutcome(row, top, filled, applied(header), 'top level');
      }

      const deep = instance((owner) => [nested(owner, UNLISTED_SEQUENCES, (item) => [markedElement(item, tag, vr)])]);
      if (PATIENT_IDENTITY.has(row.tag)) {
        const own = followed(applied(deep), UNLISTED_SEQUENCES)!.string(tag);
        expect(own?.replace('^', '')).toBe('ANONYMIZED');
      } else {
        const before = followed(deep, UNLISTED_SEQUENCES)!.element(tag)!;
        expectOutcome(row, inside, before, followed(applied(deep), UNLISTED_SEQUENCES), 'nested');
      }

      if (!IDENTIFIES_INSTANCE.has(row.tag)) {
        expect(applied(instance()).has(tag)).toBe(tag === 0x00120063 || tag === 0x00120064);
        const empty = instance((owner) => [emptyElement(owner, tag, vr)]);
        const action = top === 'D' && (vr === 'SQ' || vr === 'UI') ? 'K' : top;
        expectOutcome(row, action, empty.element(tag)!, applied(empty), 'empty');
      }

      if (multiValued(tag, vr) || vr === 'SQ') {
        const many = instance((owner) => [markedElement(owner, tag, vr, { values: 3 })]);
        expectOutcome(row, top, many.element(tag)!, applied(many), 'many values');
      }
    },
  );

  test.each([
    ['private elements and creators', [0x00090010, 0x00091001, 0x50011000, 0x60013000, 0x7fdf1010, 0x000b0000]],
    ['curves, all elements of even 50xx groups', [0x50000005, 0x50003000, 0x500e0022, 0x501e2500, 0x50fe3000]],
    ['overlay data', [0x60003000, 0x60023000, 0x601e3000, 0x60fe3000]],
    ['overlay comments', [0x60004000, 0x60fe4000]],
    ['the rest of overlay groups', [0x60000010, 0x60000022, 0x60001500, 0x60001501]],
    ['attributes that the dictionary does not have', [0x00080999, 0x0010fff0, 0x7ffe9998]],
    ['group lengths', [0x00080000, 0x00100000]],
    ['elements of groups 0000, 0002 and 0004', [0x00001000, 0x00020010, 0x00020016, 0x00041500]],
    ['padding, signatures and what belongs to them', [0xfffcfffc, 0xfffafffa, 0x4ffe0001]],
    ['what describes private blocks', [0x00080300]],
  ])('removes %s at every depth', (_, tags) => {
    for (const tag of tags) {
      const vr: VR = tag === 0xfffafffa || tag === 0x4ffe0001 || tag === 0x00080300 ? 'SQ' : 'LO';
      const header = instance((owner) => [
        markedElement(owner, tag, vr),
        nested(owner, UNLISTED_SEQUENCES, (item) => [markedElement(item, tag, vr)]),
      ]);
      const result = applied(header);
      expect(`${formatTag(tag)} ${result.has(tag)}`).toBe(`${formatTag(tag)} false`);
      expect(followed(result, UNLISTED_SEQUENCES)!.elements).toHaveLength(0);
    }
  });
});

describe('Types', () => {
  const byTag = new Map(rows.filter((row) => !row.match).map((row) => [row.tag, row]));
  const table = profileTable('2026d').rows;
  const none: ReadonlySet<never> = new Set();

  test('lead to the same action on every path of every IOD as the full table of modules does', () => {
    const wrong: string[] = [];
    let looked = 0;
    for (const [SOPClassUID, iod] of Object.entries(types.sopClasses)) {
      for (const [path, type] of pathsOf(iod)) {
        const tags = path.split('/').map((each) => Number.parseInt(each, 16));
        const leaf = path.slice(-8);
        const row = byTag.get(leaf);
        if (row === undefined) continue;
        let place = attributeTypes(SOPClassUID);
        for (const tag of tags) place = place?.below(tag);
        const expected = expectedAction(row.basic, type);
        const actual = resolve(table.get(Number.parseInt(leaf, 16))!, none, place?.type ?? null);
        looked += 1;
        // The resolved table leaves Type 3 out where the outcome is that of an unknown attribute.
        if (actual !== expected) wrong.push(`${iod} ${path} ${row.basic} ${type}: ${actual}, not ${expected}`);
      }
    }
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(looked).toBeGreaterThan(50_000);
  });

  test.each([
    ['an attribute of a SOP Class that the standard does not know', '1.2.276.0.7230010.3.99', 0x00080012, 'X'],
    ['Instance Creation Date of an Enhanced CT, Type 3', '1.2.840.10008.5.1.4.1.1.2.1', 0x00080012, 'X'],
    ['Content Date of a Comprehensive SR, Z/D on Type 1', '1.2.840.10008.5.1.4.1.1.88.33', 0x00080023, 'D'],
    ['Presentation Creation Date, X against Type 1', '1.2.840.10008.5.1.4.1.1.11.1', 0x00700082, 'D'],
    ['Responsible Person, X against Type 2C', SECONDARY_CAPTURE, 0x00102297, 'Z'],
    ['Acquisition Context of a digital X-ray, X/Z on Type 2', '1.2.840.10008.5.1.4.1.1.1.1', 0x00400555, 'Z'],
    ['Acquisition Context of a CT, X/Z where the IOD has none', '1.2.840.10008.5.1.4.1.1.2', 0x00400555, 'X'],
  ])('%s', (_, SOPClassUID, tag, action) => {
    const vr = lookUp(tag)!.vr;
    const header = instance((owner) => [markedElement(owner, tag, vr)], { SOPClassUID });
    const row = rows.find((each) => each.tag === formatTag(tag))!;
    expectOutcome(row, action, header.element(tag)!, applied(header), action);
  });

  test('of nested attributes are those of their path, repeated content items counting once', () => {
    const series = 0x3006004c;
    const header = instance((owner) => [nested(owner, [series], (item) => [markedElement(item, 0x0008103e, 'LO')])], {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.3',
    });
    expect(followed(applied(header), [series])!.string(0x0008103e)).toBe('ANONYMIZED');
    const content = attributeTypes('1.2.840.10008.5.1.4.1.1.88.33')!.below(0x0040a730);
    expect(content?.below(0x0040a730)?.below(0x0040a730)).toBe(content);
  });

  test('of functional groups are those of their macros', () => {
    const path = [0x52009229, 0x00089124];
    const header = instance((owner) => [nested(owner, path, (item) => [markedElement(item, 0x00082112, 'SQ')])], {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2.1',
    });
    const source = followed(applied(header), path)!.element(0x00082112);
    expect(source?.items).toEqual([]);
  });
});
