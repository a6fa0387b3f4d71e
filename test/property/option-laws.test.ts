import fc from 'fast-check';
import { Deidentifier } from '../../src/deidentification/deidentifier';
import { OPTION_COLUMNS } from '../../src/deidentification/generated/e1-1-2026d';
import { policyOf } from '../../src/deidentification/policy-of';
import { AVAILABLE_OPTIONS, methodCodes, type ProfileOption } from '../../src/deidentification/profile-options';
import { profileTable } from '../../src/deidentification/profile-table';
import { type DataElement, type DataSet, valuesOf } from '../../src/dicom/data-set';
import { readPart10Bytes } from '../../src/dicom/part10/read';
import { encodeDataSet } from '../../src/dicom/part10/write';
import { isWellKnown } from '../../src/dicom/uid';
import { setReferencesOf } from '../../src/verification/verifier-of';
import { pseudonyms as fixed } from '../support/deidentification-samples';
import { findMarks } from '../support/phi-mark';
import { ct, markedIdentity, markedStudy, mr, sr, us } from '../support/synth';

/* What holds of every choice of options (PS3.15 E.3), whatever they are and however they meet. */

const small = { instances: 2, rows: 4, cols: 4 };
const images = [...ct(small), ...mr(small), ...us(small)];
const other = [...ct({ ...small, study: markedStudy(markedIdentity('p2'), 'study-2') })];
const SET = [...images, sr(images.slice(0, 2)), ...other].map(
  ({ bytes }) => readPart10Bytes(Buffer.from(bytes)).header,
);
const ROWS = profileTable('2026d').rows;

const FULL: ProfileOption = 'retain-longitudinal-full-dates';
const MODIFIED: ProfileOption = 'retain-longitudinal-modified-dates';
const chosen = fc
  .subarray([...AVAILABLE_OPTIONS])
  .map((options) => (options.includes(FULL) ? options.filter((option) => option !== MODIFIED) : options));
/** By number: an instance would fill pages where a law is broken. */
const one = fc.nat({ max: SET.length - 1 });
const days = fc.integer({ min: -1000, max: -1 });
/** The same always: a law that breaks is to be found by who changes something, not by chance. */
const RUNS = { numRuns: 15, seed: 2026 };
/** Of Retain Device Identity, too. */
const DEVICE_UIDS = new Set([0x00181002, 0x0018100b]);

function rewritten(options: readonly ProfileOption[], source: DataSet, dateOffsetDays: number, uid = fixed.uid) {
  const deidentifier = new Deidentifier(policyOf({ options }));
  const plan = deidentifier.plan(source, { onFinding: 'redact' });
  if (plan.verdict.outcome !== 'passed') throw new Error(plan.verdict.reason.code);
  return { plan, result: deidentifier.apply(source, plan, { ...fixed, uid, dateOffsetDays }) };
}

/** Every element with its place, those of items included. */
function everyElement(
  dataSet: DataSet,
  place = '',
): (readonly [place: string, element: DataElement, owner: DataSet])[] {
  return dataSet.elements.flatMap((element) => {
    const here = `${place}/${element.tag.toString(16)}`;
    if (element.items === null) return [[here, element, dataSet] as const];
    return element.items.flatMap((item, n) => everyElement(item, `${here}/${n}`));
  });
}

/** What the table has in the columns of these options, read from its own letters. */
function columns(tag: number, options: readonly ProfileOption[]): string {
  const letters = ROWS.get(tag)?.options ?? '';
  return options.map((option) => letters.charAt(COLUMN[option]!)).join('');
}
const COLUMN = Object.fromEntries(
  (
    [
      ['rtnSafePriv', 'retain-safe-private'],
      ['rtnUids', 'retain-uids'],
      ['rtnDevId', 'retain-device-identity'],
      ['rtnInstId', 'retain-institution-identity'],
      ['rtnPatChars', 'retain-patient-characteristics'],
      ['rtnLongFullDates', FULL],
      ['rtnLongModifDates', MODIFIED],
      ['cleanDesc', 'clean-descriptors'],
      ['cleanStructCont', 'clean-structured-content'],
      ['cleanGraph', 'clean-graphics'],
    ] as const
  ).map(([name, option]) => [option, (OPTION_COLUMNS as readonly string[]).indexOf(name)]),
);

test('an attribute that a chosen option keeps, and none cleans, stays byte for byte if it names nobody', () => {
  fc.assert(
    fc.property(chosen, one, days, (options, number, offset) => {
      const source = SET[number]!;
      const { result } = rewritten(options, source, offset);
      for (const { tag, items } of source.elements) {
        const letters = columns(tag, options);
        // Ages over 89 become 090Y, whoever keeps them (45 CFR 164.514(b)(2)(i)(C)).
        if (items !== null || !letters.includes('K') || letters.includes('C') || tag === 0x00101010) continue;
        const [before, after] = [source.element(tag)!, result.element(tag)];
        // Nobody's name stays in a text that is kept.
        if (findMarks(before.bytes()).length > 0) continue;
        expect([tag.toString(16), after && Buffer.from(after.bytes()).toString('hex')]).toEqual([
          tag.toString(16),
          Buffer.from(before.bytes()).toString('hex'),
        ]);
      }
    }),
    RUNS,
  );
});

test('where options collide, the one that removes most wins: to clean comes before to keep', () => {
  fc.assert(
    fc.property(chosen, one, days, (options, number, offset) => {
      const source = SET[number]!;
      const { result } = rewritten(options, source, offset);
      const cleaning = options.filter((option) => option.startsWith('clean') || option === MODIFIED);
      const alone = rewritten(cleaning, source, offset).result;
      for (const { tag, items } of source.elements) {
        if (items !== null || !columns(tag, options).includes('C')) continue;
        const [both, cleaned] = [result.element(tag), alone.element(tag)];
        // Kept people and places may leave words in a text that is cleaned; they never bring back the text itself.
        if (valuesOf(source.element(tag)!, source).join() === (cleaned && valuesOf(cleaned, alone).join())) continue;
        expect(both && [tag, Buffer.from(both.bytes()).toString('hex')]).not.toEqual([
          tag,
          Buffer.from(source.element(tag)!.bytes()).toString('hex'),
        ]);
      }
    }),
    RUNS,
  );
});

test('no UID of the source is left unless UIDs or devices are retained', () => {
  fc.assert(
    fc.property(chosen, one, days, (options, number, offset) => {
      const source = SET[number]!;
      if (options.includes('retain-uids')) return;
      const { result } = rewritten(options, source, offset);
      const uids = (dataSet: DataSet) =>
        everyElement(dataSet).flatMap(([, element, owner]) =>
          element.vr === 'UI' && !(DEVICE_UIDS.has(element.tag) && options.includes('retain-device-identity'))
            ? valuesOf(element, owner).filter((uid) => uid !== '' && !isWellKnown(uid))
            : [],
        );
      const before = new Set(uids(source));
      expect(uids(result).filter((uid) => before.has(uid))).toEqual([]);
    }),
    RUNS,
  );
});

test('in a whole set one UID has one replacement', () => {
  fc.assert(
    fc.property(chosen, days, (options, offset) => {
      const references = setReferencesOf(policyOf({ options }));
      expect(SET.flatMap((source) => references.add(source, rewritten(options, source, offset).result))).toEqual([]);
    }),
    { ...RUNS, numRuns: 5 },
  );
});

test('dates that are kept moved all by the same days, or stayed', () => {
  const day = 86_400_000;
  const moment = (da: string) => Date.UTC(+da.slice(0, 4), +da.slice(4, 6) - 1, +da.slice(6, 8));
  fc.assert(
    fc.property(chosen, one, days, fc.boolean(), (options, number, offset, full) => {
      const source = SET[number]!;
      const kept = [...options.filter((option) => option !== FULL && option !== MODIFIED), full ? FULL : MODIFIED];
      const after = new Map(
        everyElement(rewritten(kept, source, offset).result).map(([place, ...rest]) => [place, rest]),
      );
      let moved = 0;
      for (const [place, element, owner] of everyElement(source)) {
        const is = after.get(place);
        if (element.vr !== 'DA' || is === undefined || !columns(element.tag, kept).match(/[CK]/)) continue;
        const [was, now] = [valuesOf(element, owner), valuesOf(is[0], is[1])];
        expect(now.map((da, n) => (moment(da) - moment(was[n]!)) / day)).toEqual(now.map(() => (full ? 0 : offset)));
        moved += now.length;
      }
      expect(moved).toBeGreaterThan(0);
    }),
    RUNS,
  );
});

test('an option that the method codes do not name has changed nothing', () => {
  fc.assert(
    fc.property(chosen, one, days, (options, number, offset) => {
      const source = SET[number]!;
      const { result } = rewritten(options, source, offset);
      const named = result.element(0x00120064)!.items!.map((item) => item.string(0x00080100));
      expect(named).toContain('113100');
      for (const option of options) {
        const { CodeValue } = methodCodes(new Set([option])).at(-1)!;
        if (named.includes(CodeValue)) continue;
        const without = rewritten(
          options.filter((each) => each !== option),
          source,
          offset,
        ).result;
        expect(Buffer.from(encodeDataSet(without)).equals(encodeDataSet(result))).toBe(true);
      }
    }),
    RUNS,
  );
});

test('what was rewritten once is not changed by being rewritten again, but for what says that it was', () => {
  const WRITTEN_EACH_TIME = new Set([0x00120063, 0x00120064, 0x0018a001, 0x00280303]);
  const rest = ({ elements }: DataSet) => elements.filter(({ tag }) => !WRITTEN_EACH_TIME.has(tag));
  fc.assert(
    fc.property(chosen, one, days, (options, number, offset) => {
      const source = SET[number]!;
      const first = rewritten(options, source, offset).result;
      // Moved dates would move again: what is asked is whether they stay once they are to stay.
      const kept = options.map((option) => (option === MODIFIED ? FULL : option));
      const again = rewritten(kept, first, 0, (uid) => uid).result;
      const [a, b] = [first, again].map((each) =>
        everyElement(each.withElements(rest(each))).map(([place, element]) => [
          place,
          Buffer.from(element.bytes()).toString('latin1'),
        ]),
      );
      expect(b).toEqual(a);
    }),
    RUNS,
  );
});
