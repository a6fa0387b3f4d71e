import { Deidentifier } from '../../../src/deidentification/deidentifier';
import { policyOf } from '../../../src/deidentification/policy-of';
import { type DataSet, newItem, sequenceElement, textElement } from '../../../src/dicom/data-set';
import { SetReferences } from '../../../src/verification/set-references';
import { instance, key, pseudonyms } from '../../support/deidentification-samples';

const deidentifier = new Deidentifier(policyOf({ preset: 'clinical-trial' }));
const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const FRAME_OF_REFERENCE = '1.2.276.99.7.7';

function image(number: number, refersTo?: number): DataSet {
  return instance(
    (owner) => [
      textElement(owner, 0x00080018, 'UI', [`1.2.276.99.5.${number}`]),
      textElement(owner, 0x00200052, 'UI', [FRAME_OF_REFERENCE]),
      ...(refersTo === undefined ? [] : [references(owner, `1.2.276.99.5.${refersTo}`)]),
    ],
    { SOPClassUID: CT_IMAGE_STORAGE },
  );
}

function references(owner: DataSet, uid: string) {
  return sequenceElement(owner, 0x00081140, [
    newItem(owner, (item) => [
      textElement(item, 0x00081150, 'UI', ['1.2.840.10008.5.1.4.1.1.7']),
      textElement(item, 0x00081155, 'UI', [uid]),
    ]),
  ]);
}

function rewritten(source: DataSet, uid = pseudonyms.uid): DataSet {
  const outcome = deidentifier.deidentify(source, { ...pseudonyms, uid, dateOffsetDays: -400 });
  if (outcome.outcome !== 'passed') throw new Error(outcome.outcome);
  return outcome.value.dataSet;
}

test('a set whose instances refer to each other by their new UIDs is whole, in whatever order it comes', () => {
  const set = new SetReferences();
  for (const source of [image(2, 1), image(1), image(3, 2)]) {
    expect(set.add(source, rewritten(source))).toEqual([]);
  }
});

test('a reference that names what an instance of the set is no longer called is told with its place', () => {
  const set = new SetReferences();
  const [first, second] = [image(1), image(2, 1)];
  set.add(first, rewritten(first));
  const other = instance((owner) => [
    textElement(owner, 0x00080018, 'UI', [key.uid('1.2.276.99.5.2')]),
    references(owner, key.uid('another')),
  ]);
  expect(set.add(second, other).filter(({ path }) => path.startsWith('00081140'))).toEqual([
    { path: '00081140/0/00081155', rule: 'set: a UID of the set has two replacements', severity: 'hold' },
  ]);
});

test('a frame of reference that is replaced in two ways parts what was in one space', () => {
  const set = new SetReferences();
  const [first, second] = [image(1), image(2)];
  set.add(first, rewritten(first));
  const other = rewritten(second, (source) => key.uid(source === FRAME_OF_REFERENCE ? 'another' : source));
  expect(set.add(second, other).map(({ path }) => path)).toEqual(['00200052']);
});

test('two instances that would leave as one are told', () => {
  const set = new SetReferences();
  const [first, second] = [image(1), image(2)];
  set.add(first, rewritten(first));
  const same = rewritten(second, (source) => key.uid(source.replace(/^1\.2\.276\.99\.5\.2$/, '1.2.276.99.5.1')));
  expect(set.add(second, same).map(({ rule }) => rule)).toEqual(['set: two UIDs of the set have one replacement']);
});

test('a manifest that names an instance which is not in the set is told', () => {
  const set = new SetReferences();
  const source = image(1);
  const result = rewritten(source);
  set.add(source, result);
  const manifest = (uid: string): DataSet => instance((owner) => [references(owner, uid)]);
  expect(set.dangling(manifest(result.string(0x00080018)!))).toEqual([]);
  expect(set.dangling(manifest('2.25.1'))).toEqual([
    { path: '00081140/0/00081155', rule: 'set: refers to an instance that is not in the set', severity: 'hold' },
  ]);
});
