import type { DataSet } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../../../src/dicom/sop-class';
import { generateSelection, type SampleStudy } from '../../../src/sandbox/samples';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { dump } from '../../support/dump';
import { type Peer, sandboxPeer } from '../../support/peers';
import { findMarks, PHI_MARKS } from '../../support/phi-mark';
import { ServerUnderTest, type SessionJson, TOKEN } from '../../support/server';
import { ct, markedIdentity, markedSeed, markedStudy, referenceTo } from '../../support/synth';

const TRIAL = { CodeValue: '128711', CodingSchemeDesignator: 'DCM', CodeMeaning: 'For Clinical Trial Export' };
const RESEARCH = {
  CodeValue: '128713',
  CodingSchemeDesignator: 'DCM',
  CodeMeaning: 'For Research Collection Export',
};
const seed = markedSeed();
const first = markedIdentity('p1');
const second = markedIdentity('p2');
const study = (identity: typeof first, key: string, StudyDate: string): SampleStudy => ({
  ...markedStudy(identity, key),
  StudyDate,
});
const baseline = study(first, 'baseline', PHI_MARKS.studyDate);
const followUp = study(first, 'follow-up', '20200906');
const imported = study(second, 'imported', PHI_MARKS.studyDate);
const secondVisit = study(second, 'second-visit', '20201001');

const SUBJECT_ID = 0x00120040;
const TIME_POINT_ID = 0x00120050;

interface TrialJson {
  readonly subjectID: string | null;
  readonly timePoints: readonly { study: string; timePoint: string | null; proposal: string | null }[];
}

describe('a clinical trial, between two sandboxes', () => {
  let database: TestDatabase;
  let pacs: Peer;
  let receiver: Peer;
  let server: ServerUnderTest;

  beforeAll(async () => {
    database = await createTestDatabase();
    pacs = await sandboxPeer();
    receiver = await sandboxPeer();
    const common = { imageSources: ['pacs'], receiver: 'archive' };
    const list = [
      { id: 'BL', types: ['C1442488'], offsetDays: 0, event: 'BASELINE' },
      { id: 'W12', description: 'Week twelve', offsetDays: 84, event: 'BASELINE' },
    ];
    server = new ServerUnderTest({
      databaseUrl: database.url,
      imageSources: [{ name: 'pacs', dicomweb: { url: pacs.dicomwebUrl }, poll: { every: '500ms' } }],
      receivers: [{ name: 'archive', dicomweb: { url: receiver.dicomwebUrl } }],
      projects: [
        {
          ...common,
          name: 'Trial',
          kind: 'clinical-trial',
          clinicalTrial: {
            sponsorName: 'Example Sponsor',
            protocolID: 'HEAD-01',
            siteID: 'S7',
            coordinatingCenterName: 'Center',
            timePoints: { list, assign: 'manual' },
          },
          subjects: { assign: 'required' },
        },
        {
          ...common,
          name: 'Registry',
          kind: 'research-collection',
          clinicalTrial: {
            sponsorName: 'Example Sponsor',
            protocolID: 'REG-02',
            siteID: 'S7',
            timePoints: { list, assign: 'by-order' },
          },
          subjects: { assign: 'required' },
        },
      ],
    });
    await server.start();
  }, 60_000);

  afterAll(async () => {
    await server?.stop();
    await pacs?.stop();
    await receiver?.stop();
    await database?.drop();
  });

  const select = async (of: SampleStudy, title: typeof TRIAL): Promise<string> => {
    const before = new Set((await server.sessions()).map(({ id }) => id));
    const samples = [...ct({ instances: 2, study: of })];
    for (const sample of samples) await pacs.put(sample.bytes);
    const references = samples.map(referenceTo);
    await pacs.put(
      generateSelection({ study: of, key: `selection ${title.CodeValue}`, title, references }, seed).bytes,
    );
    return (await server.until(({ id }) => !before.has(id))).id;
  };
  const stands = (id: string, state: string, code: string | null): Promise<SessionJson> =>
    server.until((one) => one.id === id && one.state === state && (one.error?.code ?? null) === code);
  const trialOf = (id: string) => server.json<TrialJson>(`/api/v1/sessions/${id}/trial`);
  const received = async (subjectID: string): Promise<readonly DataSet[]> =>
    (await receiver.everything())
      .map((bytes) => readPart10Bytes(bytes).header)
      .filter((header) => header.string(SUBJECT_ID) === subjectID);
  const post = async (path: string, body: object) => {
    const answer = await server.postJson(path, body);
    return [answer.status, answer.body.code ?? null];
  };
  const importList = async (project: string, csv: string, query = '') => {
    const answer = await fetch(`${server.url}/api/v1/projects/${project}/subjects/import${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'text/csv' },
      body: csv,
    });
    return { status: answer.status, text: await answer.text() };
  };

  test('waits until somebody says who the subject is and when, and has sent nothing', async () => {
    const id = await select(baseline, TRIAL);
    await stands(id, 'review', 'SUBJECT_MISSING');
    // Approving what was found does not say it.
    expect(await server.post(`/api/v1/sessions/${id}/approve`)).toBe(200);
    await stands(id, 'review', 'SUBJECT_MISSING');
    expect(await trialOf(id)).toMatchObject({ subjectID: null });
    expect(await post('/api/v1/projects/Trial/subjects', { session: id, subjectID: 'A\\B' })).toEqual([
      400,
      'BAD_VALUE',
    ]);
    expect(await post('/api/v1/projects/Trial/subjects', { session: id, subjectID: 'SCR-001' })).toEqual([201, null]);
    await stands(id, 'review', 'TIME_POINT_MISSING');
    expect(await receiver.everything()).toEqual([]);
    const { subjectID, timePoints } = await trialOf(id);
    expect([subjectID, timePoints.map(({ timePoint, proposal }) => [timePoint, proposal])]).toEqual([
      'SCR-001',
      [[null, 'BL']],
    ]);
    const given = { study: timePoints[0]?.study, timePoint: 'BL' };
    expect(await post(`/api/v1/sessions/${id}/time-points`, { ...given, timePoint: 'W13' })).toEqual([
      400,
      'UNKNOWN_TIME_POINT',
    ]);
    expect(await post(`/api/v1/sessions/${id}/time-points`, given)).toEqual([200, null]);
    await stands(id, 'completed', null);
    const all = await received('SCR-001');
    expect(all).toHaveLength(3);
    expect(all.filter((header) => header.string(0x00080016) === KEY_OBJECT_SELECTION_DOCUMENT)).toHaveLength(1);
    for (const header of all) {
      expect(
        [0x00100020, 0x00120010, 0x00120020, 0x00120030, TIME_POINT_ID, 0x00120060].map((tag) => header.string(tag)),
      ).toEqual(['SCR-001', 'Example Sponsor', 'HEAD-01', 'S7', 'BL', 'Center']);
      expect(header.numbers(0x00120052)).toEqual([0]);
      expect(header.string(0x00120053)).toBe('BASELINE');
    }
  }, 60_000);

  test('goes on under the number of the randomisation, and what was sent stays the same patient', async () => {
    const change = { subjectID: 'SCR-001', newSubjectID: 'RND-7' };
    expect(await post('/api/v1/projects/Trial/subjects/replace', change)).toEqual([200, null]);
    expect(await post('/api/v1/projects/Trial/subjects/replace', change)).toEqual([409, 'SUBJECT_ID_TAKEN']);
    const id = await select(followUp, TRIAL);
    await stands(id, 'review', 'TIME_POINT_MISSING');
    const { timePoints } = await trialOf(id);
    expect(timePoints.map(({ proposal }) => proposal)).toEqual(['W12']);
    const given = { study: timePoints[0]?.study, timePoint: timePoints[0]?.proposal };
    expect(await post(`/api/v1/sessions/${id}/time-points`, given)).toEqual([200, null]);
    await stands(id, 'completed', null);
    const [before, after] = [await received('SCR-001'), await received('RND-7')];
    expect([before.length, after.length]).toEqual([3, 3]);
    for (const header of after) {
      expect([0x00100020, TIME_POINT_ID, 0x00120051].map((tag) => header.string(tag))).toEqual([
        'SCR-001',
        'W12',
        'Week twelve',
      ]);
    }
    const { items } = await server.json<{ items: object[] }>('/api/v1/projects/Trial/subjects');
    expect(items).toEqual([
      {
        code: 'SCR-001',
        subjectID: 'RND-7',
        arm: null,
        site: null,
        mergedInto: null,
        formerIDs: ['SCR-001'],
        timePoints: ['BL', 'W12'],
        sessions: 2,
      },
    ]);
  }, 60_000);

  test('takes its subjects from a list, and the time points of a patient by order', async () => {
    const row = `"${second.PatientID}";${second.IssuerOfPatientID};REG-9`;
    const bad = await importList('Registry', `\ufeffsourcePatientID;issuer;subjectID\r\n${row}\r\n=cmd;;\r\n`);
    expect([bad.status, JSON.parse(bad.text)]).toEqual([
      422,
      expect.objectContaining({
        code: 'SUBJECT_LIST_HAS_MISTAKES',
        imported: false,
        mistakes: [{ line: 3, message: 'has no subjectID' }],
      }),
    ]);
    const csv = `\ufeffsourcePatientID;issuer;subjectID\r\n${row}\r\n`;
    const tried = await importList('Registry', csv, '?dryRun=true');
    expect([tried.status, JSON.parse(tried.text)]).toEqual([
      200,
      { rows: 1, assigned: 1, unchanged: 0, imported: false, sessions: [], mistakeCount: 0, mistakes: [] },
    ]);
    const waiting = await select(imported, RESEARCH);
    await stands(waiting, 'review', 'SUBJECT_MISSING');
    const taken = await importList('Registry', csv);
    expect(JSON.parse(taken.text)).toMatchObject({ imported: true, assigned: 1, sessions: [waiting] });
    for (const { text } of [bad, tried, taken]) expect(findMarks(text)).toEqual([]);
    await stands(waiting, 'completed', null);
    const later = await select(secondVisit, RESEARCH);
    await stands(later, 'completed', null);
    const points = (await received('REG-9')).map((header) => header.string(TIME_POINT_ID));
    expect(points.sort()).toEqual(['BL', 'BL', 'BL', 'W12', 'W12', 'W12']);
    const nothing = await importList('Registry', 'name\nx\n');
    expect([nothing.status, JSON.parse(nothing.text).code]).toEqual([400, 'BAD_SUBJECT_LIST']);
  }, 60_000);

  test('is told among the projects, with what its policy is', async () => {
    const { items } = await server.json<{ items: object[] }>('/api/v1/projects');
    expect(items).toContainEqual(
      expect.objectContaining({
        name: 'Trial',
        kind: 'clinical-trial',
        receivers: ['archive'],
        preset: 'basic',
        options: [],
        reversible: true,
        clinicalTrial: { sponsorName: 'Example Sponsor', protocolID: 'HEAD-01' },
        subjects: 1,
        openSessions: 0,
      }),
    );
  });

  test('has nothing of a patient in a byte that left, a log line or a row', async () => {
    for (const bytes of await receiver.everything()) expect(findMarks(bytes)).toEqual([]);
    expect(findMarks(server.output)).toEqual([]);
    const rows = await dump(database.url);
    expect(rows).toContain('RND-7');
    expect(findMarks(rows)).toEqual([]);
  });
});
