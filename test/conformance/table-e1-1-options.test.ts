import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { basicPolicy, Deidentifier, type ProfileOption } from '../../src/deidentification/deidentifier';
import { AVAILABLE_OPTIONS } from '../../src/deidentification/profile-options';
import { type DataElement, type DataSet, emptyElement, textElement, valuesOf } from '../../src/dicom/data-set';
import { lookUp } from '../../src/dicom/dictionary';
import type { VR } from '../../src/dicom/vr';
import { followed, instance, markedElement, nested, pseudonyms } from '../support/deidentification-samples';

/**
 * PS3.15 Table E.1-1, edition 2026d: each row under each option, and under each pair of options, at the top level,
 * nested, absent, empty and with many values. What an option does not speak of is as under the Basic Profile.
 */

type Row = Readonly<Record<string, string>> & { readonly tag: string; readonly keyword: string; readonly vr: string };
const rows: Row[] = JSON.parse(readFileSync(join(__dirname, '../../data/standard/ps3.15-e1-1.json'), 'utf8')).filter(
  (row: Row) => row.match === undefined && row.tag >= '0008',
);

const COLUMN: Readonly<Record<string, string>> = {
  'retain-safe-private': 'rtnSafePriv',
  'retain-uids': 'rtnUids',
  'retain-device-identity': 'rtnDevId',
  'retain-institution-identity': 'rtnInstId',
  'retain-patient-characteristics': 'rtnPatChars',
  'retain-longitudinal-full-dates': 'rtnLongFullDates',
  'retain-longitudinal-modified-dates': 'rtnLongModifDates',
  'clean-descriptors': 'cleanDesc',
  'clean-structured-content': 'cleanStructCont',
  'clean-graphics': 'cleanGraph',
};
const options = [...AVAILABLE_OPTIONS] as ProfileOption[];
const shifting = { ...pseudonyms, dateOffsetDays: -31 };
const basic = new Deidentifier(basicPolicy());

function applied(by: Deidentifier, header: DataSet): DataSet {
  const outcome = by.deidentify(header, shifting);
  if (outcome.outcome !== 'passed') throw new Error(`held back: ${outcome.reason.code} ${outcome.reason.message}`);
  return outcome.value.dataSet;
}

/** What can be known of the outcome: text that is cleaned may be anything without the mark. */
type Expected = 'as under the Basic Profile' | 'kept' | 'moved' | 'without the mark';

const CLEANED_TEXT = new Set(['LO', 'LT', 'SH', 'ST', 'UC', 'UT']);

/** PS3.15 E.1.1, E.3: C before K, K before the Basic Profile; what cannot be cleaned is treated as the Basic Profile has it. */
function expected(row: Row, chosen: readonly ProfileOption[]): Expected {
  const codes = new Map(chosen.map((option) => [option, row[COLUMN[option]!]] as const));
  const cleaning = chosen.filter((option) => codes.get(option) === 'C');
  if (cleaning.length > 0) {
    if (cleaning.includes('retain-longitudinal-modified-dates')) {
      if (row.vr === 'DA' || row.vr === 'DT') return 'moved';
      return row.vr === 'TM' ? 'kept' : 'as under the Basic Profile';
    }
    if (row.vr === 'SQ' || CLEANED_TEXT.has(row.vr)) return 'without the mark';
    return 'as under the Basic Profile';
  }
  return chosen.some((option) => codes.get(option) === 'K') ? 'kept' : 'as under the Basic Profile';
}

const SINGLE = new Set<VR>(['ST', 'LT', 'UT', 'UR', 'OB', 'OW', 'UN']);
const IDENTIFIES_INSTANCE = new Set(['00080018', '0020000D', '0020000E']);
const UNLISTED_SEQUENCES = [0x00540220, 0x00540222];

/** Values of the form that the VR prescribes: what has it not is not kept. */
function sample(owner: DataSet, tag: number, vr: VR, values = 1): DataElement {
  if (vr === 'CS')
    return textElement(
      owner,
      tag,
      vr,
      Array.from({ length: values }, (_, n) => `ZZMARK_${n}`),
    );
  if (tag === 0x00080201) return textElement(owner, tag, vr, ['ZZMARK']);
  return markedElement(owner, tag, vr, { values });
}

const bytes = (element: DataElement | undefined) =>
  element === undefined ? 'absent' : Buffer.from(element.bytes()).toString('latin1');

/** Empty where the outcome is the expected one. */
function wrong(what: Expected, before: DataElement, owner: DataSet | undefined, plain: DataSet | undefined): string {
  const after = owner?.element(before.tag);
  const inBasic = plain?.element(before.tag);
  switch (what) {
    case 'as under the Basic Profile':
      return bytes(after) === bytes(inBasic) ? '' : `${bytes(after)}, not ${bytes(inBasic)}`;
    case 'kept':
      if (before.items !== null) return after?.items?.length === before.items.length ? '' : 'sequence gone';
      return bytes(after) === bytes(before) ? '' : `not kept: ${bytes(after)}`;
    case 'moved': {
      // 13 of a month, 31 days earlier, in the year 2017 or the one before
      const values = after === undefined ? [] : valuesOf(after, owner!);
      const dates = valuesOf(before, owner!);
      const right =
        values.length === dates.length && values.every((value, n) => dayOf(value) - dayOf(dates[n]!) === -31);
      return right && values.every((value, n) => value.slice(8) === dates[n]!.slice(8)) ? '' : `moved to ${values}`;
    }
    case 'without the mark':
      return bytes(after).includes('ZZMARK') ? 'the mark is left' : '';
  }
}
const dayOf = (text: string) =>
  Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6, 8))) / 86_400_000;

function mistakes(chosen: readonly ProfileOption[], concerned: readonly Row[]): string[] {
  const by = new Deidentifier({ ...basicPolicy(), options: new Set(chosen) });
  const found: string[] = [];
  const note = (row: Row, where: string, mistake: string) => {
    if (mistake !== '') found.push(`${row.tag} ${row.keyword} ${where}: ${mistake}`);
  };
  for (const row of concerned) {
    const tag = Number.parseInt(row.tag, 16);
    const vr = row.vr.split(' or ')[0] as VR;
    const what = expected(row, chosen);

    const top = instance((owner) => [sample(owner, tag, vr)]);
    note(row, 'top level', wrong(what, top.element(tag)!, applied(by, top), applied(basic, top)));

    const deep = instance((owner) => [nested(owner, UNLISTED_SEQUENCES, (item) => [sample(item, tag, vr)])]);
    const inside = (dataSet: DataSet) => followed(dataSet, UNLISTED_SEQUENCES);
    note(
      row,
      'nested',
      wrong(what, inside(deep)!.element(tag)!, inside(applied(by, deep)), inside(applied(basic, deep))),
    );

    if (!SINGLE.has(vr) && ((lookUp(tag)?.vm ?? '1') !== '1' || vr === 'SQ')) {
      const many = instance((owner) => [sample(owner, tag, vr, 3)]);
      note(row, 'many values', wrong(what, many.element(tag)!, applied(by, many), applied(basic, many)));
    }
    if (IDENTIFIES_INSTANCE.has(row.tag)) continue;
    if (tag >>> 16 !== 0x0012 && applied(by, instance()).has(tag)) note(row, 'absent', 'made from nothing');
    const empty = instance((owner) => [emptyElement(owner, tag, vr)]);
    const after = applied(by, empty).element(tag);
    const left = what === 'as under the Basic Profile' ? bytes(applied(basic, empty).element(tag)) : '';
    if (what === 'as under the Basic Profile' ? bytes(after) !== left : after !== undefined && after.length > 0) {
      if (what !== 'without the mark') note(row, 'empty', bytes(after));
    }
  }
  return found;
}

test.each(options.map((option) => [option]))('every row is done as the table has it under %s', (option) => {
  expect(mistakes([option], rows)).toEqual([]);
});

test('of two options the one that removes most has its way, in whatever order they are given', () => {
  const found: string[] = [];
  for (const first of options) {
    for (const second of options) {
      if (first === second || (first.includes('-dates') && second.includes('-dates'))) continue;
      const concerned = rows.filter((row) => row[COLUMN[first]!] != null || row[COLUMN[second]!] != null);
      found.push(...mistakes([first, second], concerned).map((each) => `${first}, ${second}: ${each}`));
    }
  }
  expect(found).toEqual([]);
});

test('the eleven dates of devices move with the others although the device is retained', () => {
  const dates = rows.filter((row) => row.rtnDevId === 'K' && row.rtnLongModifDates === 'C');
  expect(dates).toHaveLength(11);
  const chosen: ProfileOption[] = ['retain-device-identity', 'retain-longitudinal-modified-dates'];
  expect(dates.map((row) => expected(row, chosen)).filter((what) => what !== 'moved' && what !== 'kept')).toEqual([]);
  expect(mistakes(chosen, dates)).toEqual([]);
});

describe('method codes', () => {
  const all = new Deidentifier({
    ...basicPolicy(),
    options: new Set(options.filter((option) => option !== 'retain-longitudinal-full-dates')),
  });
  const codes = (header: DataSet) => all.plan(header).methodCodes.map((code) => code.CodeValue);

  test('name an option only where something was kept or cleaned by it', () => {
    // An instance has UIDs always.
    expect(codes(instance())).toEqual(['113100', '113110']);
    expect(codes(instance((owner) => [textElement(owner, 0x00080020, 'DA', ['20170313'])]))).toContain('113107');
    expect(codes(instance((owner) => [textElement(owner, 0x00080020, 'DA', ['unknown'])]))).not.toContain('113107');
    expect(codes(instance((owner) => [textElement(owner, 0x00100040, 'CS', ['F'])]))).toContain('113108');
    expect(codes(instance((owner) => [textElement(owner, 0x00100040, 'CS', ['Hugo Muster'])]))).not.toContain('113108');
    expect(codes(instance((owner) => [textElement(owner, 0x00181000, 'LO', ['4711'])]))).toContain('113109');
    expect(codes(instance((owner) => [textElement(owner, 0x00080080, 'LO', ['Somewhere'])]))).toContain('113112');
    expect(codes(instance((owner) => [markedElement(owner, 0x60003000, 'OW')]))).not.toContain('113103');
    expect(codes(instance((owner) => [markedElement(owner, 0x00091001, 'LO')]))).not.toContain('113111');
  });

  test.each([
    ['retain-longitudinal-full-dates', 'UNMODIFIED'],
    ['retain-longitudinal-modified-dates', 'MODIFIED'],
    ['retain-uids', 'REMOVED'],
  ] as const)('under %s temporal information is %s', (option, value) => {
    const by = new Deidentifier({ ...basicPolicy(), options: new Set([option]) });
    const result = applied(
      by,
      instance((owner) => [textElement(owner, 0x00080020, 'DA', ['20170313'])]),
    );
    expect(result.string(0x00280303)).toBe(value);
  });

  test('in text stay within what (0012,0063) can hold', () => {
    const header = instance((owner) => [
      textElement(owner, 0x00080020, 'DA', ['20170313']),
      textElement(owner, 0x00100040, 'CS', ['F']),
      textElement(owner, 0x00181000, 'LO', ['4711']),
      textElement(owner, 0x00080080, 'LO', ['Somewhere']),
      markedElement(owner, 0x0040a730, 'SQ'),
      markedElement(owner, 0x00700001, 'SQ'),
      textElement(owner, 0x00190010, 'LO', ['SIEMENS MR HEADER']),
      textElement(owner, 0x0019100c, 'IS', ['1000']),
    ]);
    const texts = applied(all, header).strings(0x00120063);
    expect(texts.join(' ')).toContain('113111');
    expect(texts.every((text) => text.length <= 64)).toBe(true);
    expect(applied(all, header).items(0x00120064)).toHaveLength(codes(header).length);
  });
});
