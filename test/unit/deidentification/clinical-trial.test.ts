import { Deidentifier } from '../../../src/deidentification/deidentifier';
import { type PolicyChoices, policyOf } from '../../../src/deidentification/policy-of';
import { trialMistakes } from '../../../src/deidentification/trial-mistakes';
import { readCodedConcept } from '../../../src/dicom/coded-concept';
import { type DataSet, newItem, sequenceElement, textElement } from '../../../src/dicom/data-set';
import { instance, key, pseudonyms } from '../../support/deidentification-samples';

function applied(header: DataSet, choices: PolicyChoices, more: object = {}): DataSet {
  const by = new Deidentifier(policyOf(choices));
  return by.apply(header, by.plan(header), { ...pseudonyms, ...more });
}

const ALL = {
  sponsorName: 'Sponsor',
  protocolID: 'P-1',
  issuerOfProtocolID: 'REGISTER',
  otherProtocolIDs: [{ protocolID: 'P-1-EU', issuer: 'EU' }],
  protocolName: 'Protocol One',
  siteID: 'S-7',
  issuerOfSiteID: 'SPONSOR',
  siteName: 'Site Seven',
  issuerOfSubjectID: 'SPONSOR',
  subjectReadingID: '{subject}-R1',
  issuerOfSubjectReadingID: 'CORE LAB',
  ethicsCommitteeName: 'Committee One',
  ethicsCommitteeApprovalNumber: 'EC-99',
  ethicsCommitteeApprovalStart: '20240101',
  ethicsCommitteeApprovalEnd: '20281231',
  timePoints: {
    assign: 'manual',
    list: [
      { id: 'BL', description: 'Baseline', types: ['C1442488', '126075'], offsetDays: 0, event: 'BASELINE' },
      { id: 'W12', offsetDays: 84.5, event: 'BASELINE' },
    ],
  },
  issuerOfTimePointID: 'SPONSOR',
  consent: [
    { distribution: 'YES', type: 'NAMED_PROTOCOL', protocolID: 'P-2', issuerOfProtocolID: 'REGISTER' },
    { distribution: 'NO' },
  ],
  coordinatingCenterName: 'Center',
  seriesID: 'SER-1',
  issuerOfSeriesID: 'CORE LAB',
  seriesDescription: 'Read by two',
} as const;

describe('the attributes of a trial', () => {
  const patient = (owner: DataSet) => textElement(owner, 0x00100020, 'LO', ['4711']);
  const other = instance((owner) => [
    patient(owner),
    textElement(owner, 0x00120010, 'LO', ['Other Sponsor']),
    textElement(owner, 0x00120042, 'LO', ['READ-1']),
    textElement(owner, 0x00120081, 'LO', ['Committee']),
    textElement(owner, 0x00120060, 'LO', ['Center']),
  ]);

  test('that came in go, and those of the project are complete', () => {
    const clinicalTrial = { sponsorName: 'Sponsor', protocolID: 'P-1', siteID: 'S-7', timePointID: 'TP-1' };
    const result = applied(other, { clinicalTrial });
    const group = result.elements
      .filter(({ tag }) => tag >>> 16 === 0x0012 && (tag < 0x00120062 || tag > 0x00120064))
      .map(({ tag }) => [tag.toString(16), result.string(tag) ?? '']);
    expect(group).toEqual([
      ['120010', 'Sponsor'],
      ['120020', 'P-1'],
      ['120021', ''],
      ['120030', 'S-7'],
      ['120031', ''],
      ['120040', 'CODE-0001'],
      ['120050', 'TP-1'],
    ]);
  });

  test('stay away from instances of no patient', () => {
    const result = applied(instance(), { clinicalTrial: { sponsorName: 'Sponsor', protocolID: 'P-1' } });
    expect(result.has(0x00120010)).toBe(false);
  });

  test('take the subject and the time point from the pseudonyms where these have them', () => {
    const by = new Deidentifier(policyOf({ clinicalTrial: { sponsorName: 'Sponsor', protocolID: 'P-1' } }));
    const result = by.apply(other, by.plan(other), {
      ...pseudonyms,
      uid: (source) => key.uid(source),
      ClinicalTrialSubjectID: 'S-0007',
      ClinicalTrialTimePointID: 'WEEK-12',
    });
    expect(result.string(0x00120040)).toBe('S-0007');
    expect(result.string(0x00120050)).toBe('WEEK-12');
  });

  test('are all of the Subject, Study and Series modules where the project gives all', () => {
    const result = applied(other, { clinicalTrial: ALL }, { ClinicalTrialTimePointID: 'W12' });
    const group = result.elements
      .filter(({ tag, vr }) => tag >>> 16 === 0x0012 && (tag < 0x00120062 || tag > 0x00120064) && vr !== 'SQ')
      .map(({ tag, vr }) => [tag.toString(16), vr, vr === 'FD' ? result.numbers(tag)[0] : result.string(tag)]);
    expect(group).toEqual([
      ['120010', 'LO', 'Sponsor'],
      ['120020', 'LO', 'P-1'],
      ['120021', 'LO', 'Protocol One'],
      ['120022', 'LO', 'REGISTER'],
      ['120030', 'LO', 'S-7'],
      ['120031', 'LO', 'Site Seven'],
      ['120032', 'LO', 'SPONSOR'],
      ['120040', 'LO', 'CODE-0001'],
      ['120041', 'LO', 'SPONSOR'],
      ['120042', 'LO', 'CODE-0001-R1'],
      ['120043', 'LO', 'CORE LAB'],
      ['120050', 'LO', 'W12'],
      ['120052', 'FD', 84.5],
      ['120053', 'CS', 'BASELINE'],
      ['120055', 'LO', 'SPONSOR'],
      ['120060', 'LO', 'Center'],
      ['120071', 'LO', 'SER-1'],
      ['120072', 'LO', 'Read by two'],
      ['120073', 'LO', 'CORE LAB'],
      ['120081', 'LO', 'Committee One'],
      ['120082', 'LO', 'EC-99'],
      ['120086', 'DA', '20240101'],
      ['120087', 'DA', '20281231'],
    ]);
    const protocol = result.element(0x00120023)?.items?.[0];
    expect([protocol?.string(0x00120020), protocol?.string(0x00120022)]).toEqual(['P-1-EU', 'EU']);
    const consent = result.element(0x00120083)?.items ?? [];
    expect(consent.map((item) => [item.string(0x00120085), item.string(0x00120084), item.string(0x00120020)])).toEqual([
      ['YES', 'NAMED_PROTOCOL', 'P-2'],
      ['NO', undefined, undefined],
    ]);
  });

  test('say of a time point what the list says of it', () => {
    const result = applied(other, { clinicalTrial: ALL }, { ClinicalTrialTimePointID: 'BL' });
    expect(result.string(0x00120051)).toBe('Baseline');
    expect(result.numbers(0x00120052)).toEqual([0]);
    const types = result.element(0x00120054)?.items ?? [];
    expect(types.map((item) => readCodedConcept(item)?.CodeMeaning)).toEqual(['Baseline', 'Eligibility']);
    const unlisted = applied(other, { clinicalTrial: ALL }, { ClinicalTrialTimePointID: 'UNSCHEDULED-1' });
    expect(unlisted.string(0x00120050)).toBe('UNSCHEDULED-1');
    expect(unlisted.has(0x00120051)).toBe(false);
  });

  test('are planned with the clause of their module', () => {
    const plan = new Deidentifier(policyOf({ clinicalTrial: ALL })).plan(other);
    const added = new Map(
      plan.changes.filter(({ action }) => action === 'add').map((each) => [each.keyword, each.rule]),
    );
    expect(added.get('ClinicalTrialSubjectReadingID')).toBe('PS3.3 C.7.1.3');
    expect(added.get('LongitudinalTemporalOffsetFromEvent')).toBe('PS3.3 C.7.2.3');
    expect(added.get('ClinicalTrialSeriesDescription')).toBe('PS3.3 C.7.3.2');
  });

  test('leave what the patient consented to, unless the project says it', () => {
    const given = instance((owner) => [
      patient(owner),
      sequenceElement(owner, 0x00120083, [
        newItem(owner, (item) => [textElement(item, 0x00120085, 'CS', ['WITHDRAWN'])]),
      ]),
    ]);
    const flag = (result: DataSet) => result.element(0x00120083)?.items?.map((item) => item.string(0x00120085));
    const { consent, ...silent } = ALL;
    expect(flag(applied(given, { clinicalTrial: silent }))).toEqual(['WITHDRAWN']);
    expect(flag(applied(given, { clinicalTrial: { ...ALL, consent } }))).toEqual(['YES', 'NO']);
  });
});

describe('mistakes in a trial', () => {
  test('are none where all is given', () => {
    expect(trialMistakes(ALL)).toEqual([]);
  });

  test.each([
    [{ sponsorName: ' ' }, 'sponsorName is missing'],
    [{ protocolName: 'A\\B' }, 'protocolName holds a backslash'],
    [{ siteName: 'A\nB' }, 'siteName holds a control character'],
    [{ siteID: undefined }, 'issuerOfSiteID is there without siteID'],
    [{ otherProtocolIDs: [{ protocolID: 'X', issuer: '' }] }, 'otherProtocolIDs[0].issuer is missing'],
    [{ ethicsCommitteeName: undefined }, 'ethicsCommitteeName is missing: ethicsCommitteeApprovalNumber needs it'],
    [{ ethicsCommitteeApprovalStart: '20240231' }, 'ethicsCommitteeApprovalStart is no date YYYYMMDD'],
    [{ ethicsCommitteeApprovalEnd: '20230101' }, 'ethicsCommitteeApprovalEnd is before ethicsCommitteeApprovalStart'],
    [{ timePointID: 'BL' }, 'timePointID and timePoints.assign exclude each other'],
    [{ timePoints: { assign: 'by-order', list: [] } }, 'timePoints.list is empty'],
    [{ timePoints: { assign: 'manual', list: [{ id: 'A' }, { id: 'A' }] } }, 'timePoints.list[1].id is there twice'],
    [{ timePoints: { assign: 'manual', list: [{ id: 'A', types: ['X'] }] } }, 'timePoints.list[0].types[0] is no code'],
    [{ timePoints: { assign: 'manual', list: [{ id: 'A', offsetDays: 3 }] } }, 'timePoints.list[0].event is missing'],
    [
      { timePoints: { assign: 'manual', list: [{ id: 'A', offsetDays: 3, event: 'baseline' }] } },
      'timePoints.list[0].event is no term',
    ],
    [{ timePoints: undefined }, 'issuerOfTimePointID is there without a time point'],
    [{ consent: [{ distribution: 'WITHDRAWN' }] }, 'consent[0].type is missing'],
    [{ consent: [{ distribution: 'NO', type: 'PUBLIC_RELEASE' }] }, 'consent[0].type is there'],
    [
      { consent: [{ distribution: 'YES', type: 'PUBLIC_RELEASE', protocolID: 'P' }] },
      'consent[0].protocolID is there without type NAMED_PROTOCOL',
    ],
  ] as const)('%j is one', (change, mistake) => {
    const trial = Object.fromEntries(Object.entries({ ...ALL, ...change }).filter(([, value]) => value !== undefined));
    expect(trialMistakes(trial)).toEqual([expect.stringContaining(mistake)]);
  });

  test('are told all at once', () => {
    const trial = { sponsorName: 'S', siteName: 'A\\B', consent: [{ distribution: 'YES' as const }] };
    expect(() => policyOf({ clinicalTrial: trial })).toThrow(
      /clinicalTrial\.protocolID is missing; clinicalTrial\.siteName holds.*; clinicalTrial\.consent\[0\]\.type is missing/,
    );
  });
});
