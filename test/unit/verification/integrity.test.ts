import {
  bytesElement,
  emptyElement,
  newItem,
  numberElement,
  sequenceElement,
  textElement,
} from '../../../src/dicom/data-set';
import { Verifier } from '../../../src/verification/verifier';
import { type Elements, MEANT, NEW_UIDS, result, SOURCE_UIDS, source } from './headers';

const verifier = new Verifier();
const reference =
  (tag: number, uid: string): Elements =>
  (owner) => [sequenceElement(owner, tag, [newItem(owner, (item) => [textElement(item, 0x0020000d, 'UI', [uid])])])];

interface Broken {
  readonly what: string;
  readonly path: string;
  readonly changed: Elements;
  readonly known?: Elements;
}

const BROKEN: readonly Broken[] = (
  [
    ['another SOP class', '00080016', (owner) => [textElement(owner, 0x00080016, 'UI', ['1.2.840.10008.5.1.4.1.1.4'])]],
    ['an empty SOP Instance UID', '00080018', (owner) => [textElement(owner, 0x00080018, 'UI', [])]],
    ['a Study Instance UID that is none', '0020000D', (owner) => [textElement(owner, 0x0020000d, 'UI', ['2.25.01'])]],
    ['no word of de-identification', '00120062', (owner) => [textElement(owner, 0x00120062, 'CS', ['NO'])]],
    ['no method', '00120064', (owner) => [sequenceElement(owner, 0x00120064, [])]],
    ['a group length', '00080000', (owner) => [numberElement(owner, 0x00080000, 'UL', [4])]],
    ['an element of a directory', '00041220', (owner) => [sequenceElement(owner, 0x00041220, [])]],
    ['a private attribute', '00291010', (owner) => [bytesElement(owner, 0x00291010, 'OB', Uint8Array.of(1, 2))]],
    [
      'a private attribute in an item',
      '00081115/0/00290010',
      (owner) => [
        sequenceElement(owner, 0x00081115, [
          newItem(owner, (item) => [textElement(item, 0x00290010, 'LO', ['MADE UP'])]),
        ]),
      ],
    ],
    [
      'a reference to its own study that leads elsewhere',
      '00081115/0/0020000D',
      reference(0x00081115, '2.25.9'),
      reference(0x00081115, SOURCE_UIDS.StudyInstanceUID),
    ],
  ] as readonly (readonly [string, string, Elements, Elements?])[]
).map(([what, path, changed, known]) => ({ what, path, changed, ...(known === undefined ? {} : { known }) }));

test.each(BROKEN)('held back: $what', ({ path, changed, known }) => {
  const found = verifier.verify(source(known), result(changed), MEANT);
  expect(found).toMatchObject({ outcome: 'quarantined', reason: { code: 'NOT_INTACT' } });
  expect(found.findings.map((finding) => finding.path)).toContain(path);
});

test('a UID that was not replaced is held back, unless UIDs are retained', () => {
  const same: Elements = (owner) => [textElement(owner, 0x0020000e, 'UI', [SOURCE_UIDS.SeriesInstanceUID])];
  expect(verifier.verify(source(), result(same), MEANT).outcome).toBe('quarantined');
  const knowing = new Verifier({ options: new Set(['retain-uids']) });
  expect(knowing.verify(source(), result(same), MEANT).outcome).toBe('passed');
});

test('a reference to its own study that was replaced alike passes', () => {
  const found = verifier.verify(
    source(reference(0x00081115, SOURCE_UIDS.StudyInstanceUID)),
    result(reference(0x00081115, NEW_UIDS.StudyInstanceUID)),
    MEANT,
  );
  expect(found.outcome).toBe('passed');
});

test('private attributes pass where safe ones are retained', () => {
  const knowing = new Verifier({ options: new Set(['retain-safe-private']) });
  const kept: Elements = (owner) => [textElement(owner, 0x00290010, 'LO', ['MADE UP'])];
  expect(knowing.verify(source(), result(kept), MEANT).outcome).toBe('passed');
});

describe('what the IOD requires (PS3.3 5.1)', () => {
  const PRESENTATION_STATE = { SOPClassUID: '1.2.840.10008.5.1.4.1.1.11.1' };
  // Presentation Creation Date (0070,0082), Type 1 in every presentation state.
  const date: Elements = (owner) => [textElement(owner, 0x00700082, 'DA', ['20190823'])];

  test.each([
    ['lost', () => []],
    ['emptied', (owner) => [emptyElement(owner, 0x00700082, 'DA')]],
  ] as readonly (readonly [string, Elements])[])('a Type 1 attribute that was %s is told', (_what, changed) => {
    const found = verifier.verify(source(date, PRESENTATION_STATE), result(changed, PRESENTATION_STATE), MEANT);
    expect(found).toMatchObject({ outcome: 'quarantined', reason: { code: 'NOT_INTACT' } });
    expect(found.findings).toContainEqual({ path: '00700082', rule: 'Type 1 attribute lost', severity: 'hold' });
  });

  test('a dummy in its place passes, and what was missing before may be missing', () => {
    const dummy: Elements = (owner) => [textElement(owner, 0x00700082, 'DA', ['19000101'])];
    expect(verifier.verify(source(date, PRESENTATION_STATE), result(dummy, PRESENTATION_STATE), MEANT).outcome).toBe(
      'passed',
    );
    expect(
      verifier.verify(
        source(() => [], PRESENTATION_STATE),
        result(() => [], PRESENTATION_STATE),
        MEANT,
      ).outcome,
    ).toBe('passed');
  });

  test('an attribute that the IOD does not have may go', () => {
    expect(verifier.verify(source(date), result(), MEANT).outcome).toBe('passed');
  });

  test('a Type 2 attribute may be emptied, not lost', () => {
    const content: Elements = (owner) => [textElement(owner, 0x00080090, 'PN', ['Referrwell^Ada'])];
    const found = verifier.verify(
      source(content),
      result((owner) => [emptyElement(owner, 0x00080090, 'PN')]),
      MEANT,
    );
    expect(found.outcome).toBe('passed');
  });
});
