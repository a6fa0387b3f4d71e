import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPart10Bytes } from '../../../src/dicom/part10/read';
import { TAGS } from '../../../src/dicom/tags';
import { generateSelection } from '../../../src/sandbox/samples';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { type Peer, sandboxPeer } from '../../support/peers';
import { PROGRAM, ServerUnderTest, withoutSettings } from '../../support/server';
import { ct, markedIdentity, markedSeed, markedStudy, referenceTo } from '../../support/synth';

const TRIAL = { CodeValue: '128711', CodingSchemeDesignator: 'DCM', CodeMeaning: 'For Clinical Trial Export' };
const LEA_TOKEN = 'a-token-that-leads-back-0123';
const REASON = 'incidental finding of the reader';

const study = markedStudy(markedIdentity('p1'), 'study-1');
const images = [...ct({ instances: 2, study })];
const order = generateSelection(
  {
    study,
    key: 'order',
    title: TRIAL,
    references: images.map((sample) => ({ ...referenceTo(sample), valueType: 'IMAGE' as const })),
  },
  markedSeed(),
);

describe('what was exported leads back to the patient', () => {
  let database: TestDatabase;
  let pacs: Peer;
  let receiver: Peer;
  let server: ServerUnderTest;
  let original: { readonly PatientID: string; readonly StudyInstanceUID: string };
  let sent: { readonly PatientID: string; readonly StudyInstanceUID: string; readonly SOPInstanceUID: string };

  beforeAll(async () => {
    database = await createTestDatabase();
    pacs = await sandboxPeer();
    receiver = await sandboxPeer();
    for (const sample of [...images, order]) await pacs.put(sample.bytes);
    server = new ServerUnderTest({
      databaseUrl: database.url,
      imageSources: [
        {
          name: 'pacs',
          dicomweb: { url: pacs.dicomwebUrl },
          poll: { every: '500ms' },
          viewer: 'https://pacs.test/?study={StudyInstanceUID}',
        },
      ],
      receivers: [{ name: 'archive', dicomweb: { url: receiver.dicomwebUrl } }],
      projects: [{ name: 'Trial', kind: 'clinical-trial', review: 'never', receiver: 'archive' }],
      apiTokens: [
        { name: 'tests', scopes: ['read', 'operate', 'audit'], token: 'a-token-for-tests-0123456789' },
        { name: 'lea', scopes: ['reidentify'], token: LEA_TOKEN },
      ],
    } as ConstructorParameters<typeof ServerUnderTest>[0]);
    await server.start();
    await server.until(({ state }) => state === 'completed', 60_000);
    const image = images[0];
    if (image === undefined) throw new Error('no image');
    original = valuesOf(image.bytes);
    const stored = (await receiver.everything()).map(valuesOf);
    const found = stored.find(({ Modality }) => Modality === 'CT');
    if (found === undefined) throw new Error('nothing was sent');
    sent = found;
  });
  afterAll(async () => {
    await server?.stop();
    await Promise.all([pacs?.stop(), receiver?.stop()]);
    await database?.drop();
  });

  function valuesOf(bytes: Uint8Array) {
    const { header } = readPart10Bytes(bytes);
    const value = (tag: number) => header.string(tag)?.trim() ?? '';
    return {
      PatientID: value(TAGS.PatientID),
      StudyInstanceUID: value(TAGS.StudyInstanceUID),
      SOPInstanceUID: value(TAGS.SOPInstanceUID),
      Modality: value(TAGS.Modality),
    };
  }

  function command(...args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
    return new Promise((settle) => {
      const all = [PROGRAM, 'reidentify', ...args];
      const child = execFile(process.execPath, all, { env: withoutSettings(process.env) }, (_error, stdout, stderr) =>
        settle({ status: child.exitCode ?? -1, stdout, stderr }),
      );
    });
  }
  const withConfig = () => ['--config', join(server.directory, 'tce.yaml')];

  test('by the interface, by Patient ID and by UID', async () => {
    for (const asked of [{ patientID: sent.PatientID }, { uid: sent.SOPInstanceUID }, { uid: sent.StudyInstanceUID }]) {
      const answer = await fetch(`${server.url}/api/v1/reidentifications`, {
        method: 'POST',
        headers: { authorization: `Bearer ${LEA_TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify({ project: 'Trial', reason: REASON, ...asked }),
      });
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({
        patient: { PatientID: original.PatientID },
        studies: [
          {
            StudyInstanceUID: original.StudyInstanceUID,
            sentAs: sent.StudyInstanceUID,
            imageSource: 'pacs',
            link: `https://pacs.test/?study=${original.StudyInstanceUID}`,
          },
        ],
      });
    }
    expect(server.output).not.toContain(original.StudyInstanceUID);
    expect(server.output).not.toContain(original.PatientID);
    expect(server.output).not.toContain(sent.PatientID);
    const list = await server.get('/api/v1/audit-events?event=re-identified');
    expect((JSON.parse(list.text) as { items: object[] }).items).toHaveLength(3);
    for (const value of [original.PatientID, original.StudyInstanceUID, REASON]) expect(list.text).not.toContain(value);
  });

  test('by the command, which says why it shows nothing', async () => {
    const asked = [...withConfig(), '--project', 'Trial', '--reason', REASON];
    const found = await command(...asked, '--patient-id', sent.PatientID);
    expect([found.status, JSON.parse(found.stdout).patient.PatientID]).toEqual([0, original.PatientID]);
    expect(JSON.parse((await command(...asked, '--uid', sent.SOPInstanceUID)).stdout).uid).toMatchObject({
      kind: 'instance',
      study: original.StudyInstanceUID,
    });
    const unknown = await command(...asked, '--uid', '2.25.4711');
    expect([unknown.status, unknown.stderr.includes('NOT_IN_REGISTER')]).toEqual([3, true]);
    const wrong = await command(...withConfig(), '--project', 'Trial', '--reason', 'because', '--uid', '2.25.1');
    expect([wrong.status, wrong.stdout, wrong.stderr.includes('REASON_TOO_SHORT')]).toEqual([3, '', true]);
    expect((await command(...withConfig(), '--project', 'Trial', '--patient-id', 'x')).status).toBe(2);
    expect((await command(...asked)).status).toBe(2);
    const lines = await server.get('/api/v1/audit-events?event=re-identified&limit=1');
    expect(lines.text).toContain('(command line)');
  });

  test('of a project of two people the command asks, and shows nothing yet', async () => {
    const file = join(server.directory, 'tce.yaml');
    const settings = JSON.parse(readFileSync(file, 'utf8')) as { projects: object[] };
    const twoPeople = join(server.directory, 'two-people.yaml');
    const projects = settings.projects.map((project) => ({ ...project, reidentification: { fourEyes: true } }));
    writeFileSync(twoPeople, JSON.stringify({ ...settings, projects }));
    expect(existsSync(twoPeople)).toBe(true);
    const asked = ['--config', twoPeople, '--project', 'Trial', '--reason', REASON, '--patient-id', sent.PatientID];
    const pending = await command(...asked);
    expect([pending.status, pending.stdout]).toEqual([3, '']);
    const id = /--request ([0-9a-f-]{36})/.exec(pending.stderr)?.[1] ?? '';
    const early = await command('--config', twoPeople, '--request', id);
    expect([early.status, early.stdout, early.stderr.includes('NOT_APPROVED')]).toEqual([3, '', true]);
  });
});
