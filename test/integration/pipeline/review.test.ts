import type { DataSet } from '../../../src/dicom/data-set';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../../../src/dicom/sop-class';
import { generateSelection, type Sample, type SampleStudy } from '../../../src/sandbox/samples';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { dump } from '../../support/dump';
import { type Peer, sandboxPeer } from '../../support/peers';
import { findMarks, PHI_MARKS } from '../../support/phi-mark';
import { ServerUnderTest, type SessionJson } from '../../support/server';
import { ct, markedIdentity, markedSeed, markedStudy, referenceTo, us } from '../../support/synth';

const TEACHING = { CodeValue: '128710', CodingSchemeDesignator: 'DCM', CodeMeaning: 'For Teaching File Export' };
const TRIAL = { CodeValue: '128711', CodingSchemeDesignator: 'DCM', CodeMeaning: 'For Clinical Trial Export' };
const RESEARCH = {
  CodeValue: '128713',
  CodingSchemeDesignator: 'DCM',
  CodeMeaning: 'For Research Collection Export',
};

/** Neither known to be harmless nor, but for the name, known to identify. */
const AGREED = `CT as agreed with ${PHI_MARKS.family}`;

const seed = markedSeed();
const identity = markedIdentity('p1');
const inStudy = (key: string, StudyDate: string, StudyDescription: string): SampleStudy => ({
  ...markedStudy(identity, key),
  StudyDate,
  StudyDescription,
});
const baseline = inStudy('baseline', PHI_MARKS.studyDate, 'CT/Head w/o Contrast');
const followUp = inStudy('follow-up', '20190906', 'CT/Head w/o Contrast');
const abdomen = inStudy('abdomen', PHI_MARKS.studyDate, 'US Abdomen Qwortzel');
const elsewhere = inStudy('elsewhere', PHI_MARKS.studyDate, 'CT Head Vlimpurt');

interface FindingJson {
  readonly id: string;
  readonly kind: string;
  readonly reason: string;
  readonly paths: readonly string[];
  readonly instances: number;
  readonly decision: string | null;
  readonly text?: string;
  readonly proposal?: string;
}

describe('what a person has to look at, between two sandboxes', () => {
  let database: TestDatabase;
  let pacs: Peer;
  let receiver: Peer;
  let server: ServerUnderTest;

  const select = async (study: SampleStudy, title: typeof TEACHING, samples: readonly Sample[]): Promise<string> => {
    const before = new Set((await server.sessions()).map(({ id }) => id));
    for (const sample of samples) await pacs.put(sample.bytes);
    const selection = { study, key: 'selection', title, references: samples.map(referenceTo) };
    await pacs.put(generateSelection(selection, seed).bytes);
    return (await server.until(({ id }) => !before.has(id))).id;
  };
  const settled = (id: string): Promise<SessionJson> =>
    server.until((one) => one.id === id && !['received', 'planning', 'queued', 'exporting'].includes(one.state));
  const findings = async (id: string): Promise<readonly FindingJson[]> =>
    (await server.json<{ items: FindingJson[] }>(`/api/v1/sessions/${id}/findings`)).items;
  const decide = (id: string, finding: string, body: object) =>
    server.postJson(`/api/v1/sessions/${id}/findings/${finding}/decision`, body);
  const received = async (): Promise<readonly DataSet[]> =>
    (await receiver.everything()).map((bytes) => readPart10Bytes(bytes).header);
  const isManifest = (header: DataSet) => header.string(0x00080016) === KEY_OBJECT_SELECTION_DOCUMENT;
  const ofStudies = async (subject: string) =>
    (await received()).filter((header) => header.string(0x00100020) === subject);

  beforeAll(async () => {
    database = await createTestDatabase();
    pacs = await sandboxPeer();
    receiver = await sandboxPeer();
    const common = { imageSources: ['pacs'], receiver: 'archive' };
    server = new ServerUnderTest({
      databaseUrl: database.url,
      imageSources: [{ name: 'pacs', dicomweb: { url: pacs.dicomwebUrl }, poll: { every: '500ms' } }],
      receivers: [{ name: 'archive', dicomweb: { url: receiver.dicomwebUrl } }],
      projects: [
        {
          ...common,
          name: 'Trial',
          kind: 'clinical-trial',
          deidentification: { preset: 'clinical-trial', keepWeekday: true },
          clinicalTrial: { sponsorName: 'Example Sponsor', protocolID: 'HEAD-01', siteID: 'S7', timePointID: 'T1' },
          subjects: { pattern: 'HEAD-{000}' },
        },
        {
          ...common,
          name: 'Cases',
          kind: 'teaching-file',
          deidentification: { preset: 'teaching-file' },
          subjects: { pattern: 'CASE-{000}' },
        },
        {
          ...common,
          name: 'Collection',
          kind: 'research-collection',
          deidentification: { options: ['clean-descriptors'] },
          review: 'never',
          subjects: { pattern: 'COLL-{000}' },
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

  let trial = '';

  test('a session with texts that nobody can vouch for waits, and has sent nothing', async () => {
    trial = await select(baseline, TRIAL, [...ct({ instances: 3, study: baseline })]);
    expect(await settled(trial)).toMatchObject({ state: 'review', counts: { selected: 3, delivered: 0 } });
    expect(await receiver.everything()).toEqual([]);
    const found = await findings(trial);
    expect(found.map(({ text }) => text)).toContain(AGREED);
    for (const { proposal } of found) expect(findMarks(proposal ?? '')).toEqual([]);
  }, 60_000);

  test('who may only read is told of findings without their texts', async () => {
    const plan = await server.get(`/api/v1/sessions/${trial}/plan`);
    const listed = (JSON.parse(plan.text) as { findings: FindingJson[] }).findings;
    expect(listed.length).toBeGreaterThan(0);
    for (const finding of listed) {
      expect(Object.keys(finding).sort()).toEqual(['decision', 'id', 'instances', 'kind', 'paths', 'reason']);
      expect(finding.instances).toBe(3);
    }
    expect(plan.text).not.toContain('agreed');
    expect(findMarks(plan.text)).toEqual([]);
  });

  test('a decision that makes no sense is refused, and one that names the patient', async () => {
    const [finding] = await findings(trial);
    const refused = async (body: object) => {
      const { status, body: problem } = await decide(trial, finding!.id, body);
      return [status, problem.code];
    };
    expect(await refused({ decision: 'perhaps' })).toEqual([400, 'BAD_DECISION']);
    expect(await refused({ decision: 'edit' })).toEqual([400, 'BAD_DECISION']);
    expect(await refused({ decision: 'edit', replacement: 'a\\b' })).toEqual([400, 'BAD_DECISION']);
    expect(await refused({ decision: 'keep', why: 'so' })).toEqual([400, 'BAD_BODY']);
    expect(await refused({ decision: 'edit', replacement: `Head of ${PHI_MARKS.family}` })).toEqual([
      400,
      'REPLACEMENT_IDENTIFIES',
    ]);
    expect(await decide(trial, '00000000-0000-4000-8000-000000000000', { decision: 'keep' })).toMatchObject({
      status: 404,
      body: { code: 'UNKNOWN_FINDING' },
    });
  });

  test('of two people who decide at once, one is told so', async () => {
    const finding = (await findings(trial)).find(({ text }) => text === AGREED)!;
    const answers = await Promise.all([
      decide(trial, finding.id, { decision: 'keep' }),
      decide(trial, finding.id, { decision: 'keep' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('FINDING_ALREADY_DECIDED');
  });

  test('what is approved leaves as it was decided, dates moved together, with the attributes of the trial', async () => {
    expect(await server.post(`/api/v1/sessions/${trial}/approve`)).toBe(200);
    expect(await settled(trial)).toMatchObject({ state: 'completed', counts: { delivered: 3 } });
    const all = await ofStudies('HEAD-001');
    expect(all).toHaveLength(4);
    for (const header of all.filter((each) => !isManifest(each))) {
      expect(header.string(0x00081030)).toBe('CT/Head w/o Contrast');
      expect(header.string(0x0008103e)).toBe('Head nativ 5.0');
      expect(scheduledProtocol(header)).toBe('CT as agreed with');
      expect(header.string(0x00120010)).toBe('Example Sponsor');
      expect(header.string(0x00120020)).toBe('HEAD-01');
      expect(header.string(0x00120030)).toBe('S7');
      expect(header.string(0x00120040)).toBe('HEAD-001');
      expect(header.string(0x00120050)).toBe('T1');
      expect(header.string(0x00280303)).toBe('MODIFIED');
      expect(header.items(0x00120064).map((item) => item.string(0x00080100))).toEqual(
        expect.arrayContaining(['113100', '113105', '113107']),
      );
    }
    const dates = new Set(all.map((header) => header.string(0x00080020)));
    expect(dates.size).toBe(1);
    expect(dates).not.toContain(PHI_MARKS.studyDate);
    expect(all.find(isManifest)!.string(0x00280303)).toBe('MODIFIED');
  }, 60_000);

  test('a text is asked about once, and the interval between two studies stays', async () => {
    const id = await select(followUp, TRIAL, [...ct({ instances: 2, study: followUp })]);
    expect(await settled(id)).toMatchObject({ state: 'completed', project: 'Trial' });
    const days = [...new Set((await ofStudies('HEAD-001')).map((header) => dayOf(header.string(0x00080020) ?? '')))];
    expect(days).toHaveLength(2);
    expect(Math.abs(days[0]! - days[1]!)).toBe(14);
    expect(Math.abs(days[0]! - dayOf(PHI_MARKS.studyDate)) % 7).toBe(0);
  }, 60_000);

  test('pixels that may show somebody wait for a person, too, and an approval decides what is open', async () => {
    const id = await select(abdomen, TEACHING, [...us({ instances: 2, study: abdomen })]);
    expect(await settled(id)).toMatchObject({ state: 'review', project: 'Cases' });
    const found = await findings(id);
    const pixels = found.filter(({ kind }) => kind === 'pixel');
    expect(pixels).toMatchObject([{ reason: 'pixel risk: ultrasound', instances: 2, decision: null }]);
    expect(await decide(id, pixels[0]!.id, { decision: 'remove' })).toMatchObject({ status: 400 });
    expect(await server.post(`/api/v1/sessions/${id}/approve`)).toBe(200);
    expect(await settled(id)).toMatchObject({ state: 'completed' });
    for (const header of (await ofStudies('CASE-001')).filter((each) => !isManifest(each))) {
      expect(header.string(0x00081030)).toBe('US Abdomen');
    }
    const { findings: counted } = await server.json<{ findings: object[] }>(`/api/v1/sessions/${id}/receipt`);
    expect(counted).toContainEqual({
      kind: 'pixel',
      reason: 'pixel risk: ultrasound',
      decision: 'accept',
      findings: 1,
      instances: 2,
    });
    expect(await server.postJson(`/api/v1/sessions/${id}/approve`, {})).toMatchObject({
      status: 409,
      body: { code: 'NOT_IN_THIS_STATE' },
    });
    expect(await decide(id, pixels[0]!.id, { decision: 'accept' })).toMatchObject({
      status: 409,
      body: { code: 'NOT_IN_THIS_STATE' },
    });
  }, 60_000);

  test('where nobody looks, proposals take the place of texts, and the receipt counts them', async () => {
    const id = await select(elsewhere, RESEARCH, [...ct({ instances: 1, study: elsewhere })]);
    expect(await settled(id)).toMatchObject({ state: 'completed', project: 'Collection' });
    const sent = (await ofStudies('COLL-001')).filter((each) => !isManifest(each));
    expect(sent.map((header) => header.string(0x00081030))).toEqual(['CT Head']);
    const { findings: counted } = await server.json<{ findings: { decision: string | null }[] }>(
      `/api/v1/sessions/${id}/receipt`,
    );
    expect(counted.length).toBeGreaterThan(0);
    expect(new Set(counted.map(({ decision }) => decision))).toEqual(new Set([null]));
  }, 60_000);

  test('the decisions of a project can be read and taken back', async () => {
    const decisions = async (project: string) =>
      (
        await server.json<{ items: { id: string; decision: string; decidedBy: string; revokedBy: string | null }[] }>(
          `/api/v1/projects/${project}/decisions`,
        )
      ).items;
    const kept = (await decisions('Trial')).find(({ decision }) => decision === 'keep')!;
    expect(kept).toMatchObject({ decidedBy: 'tests', revokedBy: null });
    const revoke = () => server.postJson(`/api/v1/projects/Trial/decisions/${kept.id}/revoke`, {});
    expect((await revoke()).status).toBe(204);
    expect(await revoke()).toMatchObject({ status: 404, body: { code: 'UNKNOWN_DECISION' } });
    expect((await decisions('Trial')).find(({ id }) => id === kept.id)).toMatchObject({ revokedBy: 'tests' });
    expect(await server.get('/api/v1/projects/Nothing/decisions')).toMatchObject({ status: 404 });
  });

  test('no identifier is in a byte that left, a log line, a row, a plan or a receipt', async () => {
    for (const bytes of await receiver.everything()) expect(findMarks(bytes)).toEqual([]);
    expect(findMarks(server.output)).toEqual([]);
    expect(server.output).not.toMatch(/Qwortzel|Vlimpurt|as agreed/);
    for (const { id } of await server.sessions()) {
      for (const part of ['', '/plan', '/receipt', '/instances']) {
        const { text } = await server.get(`/api/v1/sessions/${id}${part}`);
        expect([part, findMarks(text)]).toEqual([part, []]);
        expect(text).not.toMatch(/Qwortzel|Vlimpurt|as agreed/);
      }
    }
    const rows = await dump(database.url);
    expect(rows).toContain('HEAD-001');
    expect(findMarks(rows)).toEqual([]);
    expect(rows).not.toMatch(/Qwortzel|Vlimpurt|as agreed/);
  });
});

/** Code Meaning of the Scheduled Protocol Code Sequence. */
function scheduledProtocol(header: DataSet): string | undefined {
  return header.items(0x00400275)[0]?.items(0x00400008)[0]?.string(0x00080104);
}

function dayOf(date: string): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) / 86_400_000;
}
