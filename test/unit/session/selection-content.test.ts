import type { ExportSelection } from '../../../src/selection/export-selection';
import { contentDigest, isOfSamePatient, takesPlaceOf } from '../../../src/session/selection-content';
import { fakeSelection } from '../../support/selections';

const DELAY = { CodeValue: 'TCE012', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: '' };
const delayed: ExportSelection = { ...fakeSelection('1.2.999'), delayReasons: [DELAY] };
const later: ExportSelection = { ...fakeSelection('1.2.999', 5) };

describe('a selection that ends the wait of a delayed one', () => {
  const at = (contentDate: string, contentTime = '') => ({
    dates: { contentDate, contentTime, studyDate: '', studyTime: '' },
  });

  test.each<[string, boolean, Partial<ExportSelection>]>([
    ['has at least the same instances', true, {}],
    [
      'may have its title in the other scheme',
      true,
      {
        documentTitle: { CodeValue: 'TCE001', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: '' },
      },
    ],
    ['has no delay reason itself', false, { delayReasons: [DELAY] }],
    [
      'has the same purpose',
      false,
      {
        purpose: 'clinical-trial',
        documentTitle: { CodeValue: '128711', CodingSchemeDesignator: 'DCM', CodeMeaning: '' },
      },
    ],
    ['has the same Key Object Description', false, { description: 'another collection' }],
    ['leaves no instance of it out', false, { references: later.references.slice(1) }],
    ['is of the same patient', false, { source: { ...later.source, PatientID: 'FAKE-0816' } }],
    [
      'is not of a namesake of another issuer',
      false,
      {
        source: { ...later.source, IssuerOfPatientID: 'FAKE-OTHER' },
      },
    ],
    ['may leave the issuer of the Patient ID out', true, { source: { ...later.source, IssuerOfPatientID: '' } }],
    ['is not older', false, at('20200101', '115959')],
    ['may be of the same second', true, at('2020.01.01', '12:00:00.5')],
    ['may not say when it was made', true, at('')],
  ])('%s', (_says, expected, change) => {
    expect(takesPlaceOf({ ...later, ...change }, { ...delayed, ...at('20200101', '120000') })).toBe(expected);
  });

  test('takes the place of none that was not delayed', () => {
    expect(takesPlaceOf(later, { ...delayed, delayReasons: [] })).toBe(false);
  });
});

describe('what a selection says', () => {
  test('is the same in each of its identical documents, and after the patient was corrected', () => {
    const copy = {
      ...later,
      source: { ...later.source, SOPInstanceUID: '1.2.999.7', PatientID: 'FAKE-0816' },
      identicalDocuments: [later.source],
    };
    expect(contentDigest(copy)).toBe(contentDigest(later));
  });

  test.each<[string, Partial<ExportSelection>]>([
    ['instances', { references: later.references.slice(1) }],
    ['frames', { references: [{ ...later.references[0]!, frames: [1] }, ...later.references.slice(1)] }],
    ['order', { references: [...later.references].reverse() }],
    ['title', { documentTitle: { CodeValue: '128711', CodingSchemeDesignator: 'DCM', CodeMeaning: '' } }],
    ['description', { description: null }],
    ['delay', { delayReasons: [DELAY] }],
  ])('changes with its %s', (_what, change) => {
    expect(contentDigest({ ...later, ...change })).not.toBe(contentDigest(later));
  });
});

test('two patients under one Patient ID with different issuers are two', () => {
  const of = (PatientID: string, IssuerOfPatientID: string) => ({ PatientID, IssuerOfPatientID });
  expect(isOfSamePatient(of('1', 'A'), of('1', 'B'))).toBe(false);
  expect(isOfSamePatient(of('1', 'A'), of('1 ', ''))).toBe(true);
});
