import { createHash, randomBytes } from 'node:crypto';
import { DicomwebImageSource } from '../../../src/dicomweb/image-source';
import { DicomwebReceiver } from '../../../src/dicomweb/receiver';
import {
  all,
  bytesOf,
  JPEG_2000,
  KEY_OBJECT_SELECTION_DOCUMENT,
  makeInstance,
  newUID,
  type TestInstance,
  toStore,
} from './instances';

export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** What the program relies on of a DICOMweb origin server; the same for every server it is tried with. */
export function dicomwebContract(start: () => Promise<RunningServer>): void {
  let server: RunningServer;
  let source: DicomwebImageSource;
  let receiver: DicomwebReceiver;
  const { signal } = new AbortController();

  beforeAll(async () => {
    server = await start();
    source = new DicomwebImageSource({ name: 'pacs', url: server.url });
    receiver = new DicomwebReceiver({ name: 'archive', url: `${server.url}/` });
  });
  afterAll(async () => {
    await source?.close();
    await receiver?.close();
    await server?.stop();
  });

  async function put(...instances: readonly TestInstance[]): Promise<void> {
    for (const study of new Set(instances.map(({ StudyInstanceUID }) => StudyInstanceUID))) {
      const ofStudy = instances.filter(({ StudyInstanceUID }) => StudyInstanceUID === study);
      const answer = await receiver.store(study, toStore(ofStudy), signal);
      expect(answer.status).toBe(200);
    }
  }

  function studyOf(count: number, traits: Parameters<typeof makeInstance>[0] = {}): TestInstance[] {
    const study = newUID();
    const series = newUID();
    return Array.from({ length: count }, (_, n) =>
      makeInstance({ study, series, instanceNumber: n + 1, pixelData: randomBytes(30_000), ...traits }),
    );
  }

  const uids = (instances: readonly { readonly SOPInstanceUID: string }[]) =>
    instances.map(({ SOPInstanceUID }) => SOPInstanceUID).sort();

  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const digests = (instances: readonly TestInstance[]) => instances.map(({ bytes }) => digest(bytes)).sort();

  /** SHA-256 of each instance that came: comparing the bytes themselves takes jest seconds. */
  async function retrieved(resource: Parameters<DicomwebImageSource['retrieve']>[0]): Promise<string[]> {
    const found: string[] = [];
    for await (const { bytes } of source.retrieve(resource, signal)) {
      found.push(digest(await bytesOf(bytes)));
    }
    return found.sort();
  }

  test('answers a probe', async () => {
    expect(await source.probe(signal)).toEqual({ ok: true });
  });

  test('stores instances and says so of each one', async () => {
    const instances = studyOf(3);
    const answer = await receiver.store(instances[0]!.StudyInstanceUID, toStore(instances), signal);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.verdicts)).toEqual(
      Object.fromEntries(uids(instances).map((uid) => [uid, { verdict: 'stored', warningReason: null }])),
    );
  });

  test('stores instances that say beforehand how long they are', async () => {
    const instances = studyOf(2, { pixelData: randomBytes(500_000) });
    const study = instances[0]!.StudyInstanceUID;
    const lengths = instances.map(({ bytes }) => bytes.length);
    const answer = await receiver.store(study, toStore(instances), signal, lengths);
    expect([...answer.verdicts.values()].map(({ verdict }) => verdict)).toEqual(['stored', 'stored']);
    expect(await retrieved({ study })).toEqual(digests(instances));
  });

  test('keeps what it stored, and says so when asked', async () => {
    const instances = studyOf(4);
    await put(...instances);
    expect([...(await receiver.kept({ study: instances[0]!.StudyInstanceUID }, signal))!].sort()).toEqual(
      uids(instances),
    );
  });

  test('keeps nothing of a study it does not know', async () => {
    expect(await receiver.kept({ study: newUID() }, signal)).toEqual(new Set());
  });

  test('answers a second delivery of the same instance as stored and keeps one', async () => {
    const [instance] = studyOf(1);
    await put(instance!);
    const answer = await receiver.store(instance!.StudyInstanceUID, toStore([instance!]), signal);
    expect(answer.status).toBe(200);
    expect(answer.verdicts.get(instance!.SOPInstanceUID)?.verdict).toBe('stored');
    expect(await receiver.kept({ study: instance!.StudyInstanceUID }, signal)).toEqual(
      new Set([instance!.SOPInstanceUID]),
    );
  });

  test('does not say of a part that is no DICOM instance that it is stored', async () => {
    const [good] = studyOf(1);
    const bad = {
      ...makeInstance({ study: good!.StudyInstanceUID }),
      bytes: Buffer.from('no DICOM at all'.repeat(20)),
    };
    const answer = await receiver.store(good!.StudyInstanceUID, toStore([good!, bad]), signal);
    expect(answer.verdicts.get(bad.SOPInstanceUID)?.verdict).not.toBe('stored');
    expect(await receiver.kept({ study: good!.StudyInstanceUID }, signal)).toEqual(new Set([good!.SOPInstanceUID]));
  });

  test('does not keep an instance whose delivery broke off, and the error of its bytes comes out', async () => {
    const [whole, broken] = studyOf(2, { pixelData: randomBytes(2_000_000) });
    const failure = new Error('the source broke off');
    async function* instances() {
      yield* toStore([whole!]);
      yield {
        SOPClassUID: broken!.SOPClassUID,
        SeriesInstanceUID: broken!.SeriesInstanceUID,
        SOPInstanceUID: broken!.SOPInstanceUID,
        bytes: (async function* () {
          yield broken!.bytes.subarray(0, 1_000_000);
          throw failure;
        })(),
      };
    }
    await expect(receiver.store(whole!.StudyInstanceUID, instances(), signal)).rejects.toBe(failure);
    expect(await receiver.kept({ study: whole!.StudyInstanceUID }, signal)).not.toContain(broken!.SOPInstanceUID);
  });

  test('finds the instances of a study and of one series of it', async () => {
    const study = newUID();
    const first = studyOf(2, { study });
    const second = studyOf(3, { study });
    await put(...first, ...second, ...studyOf(1));
    const series = second[0]!.SeriesInstanceUID;
    expect(uids(await source.findInstances(study, null, signal))).toEqual(uids([...first, ...second]));
    const found = await source.findInstances(study, series, signal);
    expect(uids(found)).toEqual(uids(second));
    expect(found[0]).toEqual({
      StudyInstanceUID: study,
      SeriesInstanceUID: series,
      SOPInstanceUID: expect.any(String),
      SOPClassUID: second[0]!.SOPClassUID,
    });
    expect(await source.findInstances(newUID(), null, signal)).toEqual([]);
  });

  test('finds Key Objects and nothing else', async () => {
    const keyObjects = [
      makeInstance({ modality: 'KO', SOPClassUID: KEY_OBJECT_SELECTION_DOCUMENT }),
      makeInstance({ modality: 'KO', SOPClassUID: KEY_OBJECT_SELECTION_DOCUMENT }),
    ];
    const mislabelled = makeInstance({ modality: 'KO' });
    await put(...keyObjects, mislabelled, ...studyOf(2));
    const found = await all(source.findKeyObjects(signal));
    expect(uids(found)).toEqual(uids(keyObjects));
    expect(found.find((match) => match.SOPInstanceUID === keyObjects[0]!.SOPInstanceUID)).toEqual({
      StudyInstanceUID: keyObjects[0]!.StudyInstanceUID,
      SeriesInstanceUID: keyObjects[0]!.SeriesInstanceUID,
      SOPInstanceUID: keyObjects[0]!.SOPInstanceUID,
      SOPClassUID: KEY_OBJECT_SELECTION_DOCUMENT,
    });
  });

  test('returns the stored bytes, whichever way they are asked for', async () => {
    const study = newUID();
    const instances = [...studyOf(2, { study }), ...studyOf(1, { study })];
    await put(...instances);
    const [one, two, other] = instances;
    const series = one!.SeriesInstanceUID;
    expect(await retrieved({ study })).toEqual(digests([one!, two!, other!]));
    expect(await retrieved({ study, series })).toEqual(digests([one!, two!]));
    expect(await retrieved({ study, series, instance: two!.SOPInstanceUID })).toEqual(digests([two!]));
  });

  test('returns compressed instances as they are stored', async () => {
    const compressed = makeInstance({ transferSyntaxUID: JPEG_2000, pixelData: randomBytes(5000) });
    await put(compressed);
    expect(await retrieved({ study: compressed.StudyInstanceUID })).toEqual(digests([compressed]));
  });

  test('says INSTANCE_NOT_FOUND of what it does not have', async () => {
    const [instance] = studyOf(1);
    await put(instance!);
    const { StudyInstanceUID: study, SeriesInstanceUID: series } = instance!;
    for (const resource of [{ study: newUID() }, { study, series: newUID() }, { study, series, instance: newUID() }]) {
      await expect(retrieved(resource)).rejects.toMatchObject({ code: 'INSTANCE_NOT_FOUND', kind: 'could-not' });
    }
  });

  test('serves again after a retrieval that was left in the middle', async () => {
    const instances = studyOf(5, { pixelData: randomBytes(1_000_000) });
    await put(...instances);
    const study = instances[0]!.StudyInstanceUID;
    for await (const { bytes } of source.retrieve({ study }, signal)) {
      await bytes[Symbol.asyncIterator]().next();
      break;
    }
    expect((await retrieved({ study })).length).toBe(5);
  });

  test('gives the metadata of a series in the DICOM JSON Model', async () => {
    const instances = studyOf(2, { patientName: 'Müßiggang^Änne' });
    await put(...instances);
    const { StudyInstanceUID: study, SeriesInstanceUID: series } = instances[0]!;
    const metadata = await source.metadata({ study, series }, signal);
    expect(metadata.map((one) => one['00080018']?.Value?.[0]).sort()).toEqual(uids(instances));
    expect(metadata[0]!['00100010']?.Value?.[0]).toEqual({ Alphabetic: 'Müßiggang^Änne' });
    const instance = instances[1]!.SOPInstanceUID;
    const [one] = await source.metadata({ study, series, instance }, signal);
    expect(one!['00080018']?.Value).toEqual([instance]);
  });

  test('serves several retrievals and deliveries side by side', async () => {
    const instances = studyOf(8, { pixelData: randomBytes(500_000) });
    await put(...instances);
    const { StudyInstanceUID: study, SeriesInstanceUID: series } = instances[0]!;
    const copies = studyOf(4);
    const [bodies] = await Promise.all([
      Promise.all(instances.map(({ SOPInstanceUID }) => retrieved({ study, series, instance: SOPInstanceUID }))),
      ...copies.map((copy) => put(copy)),
    ]);
    expect(bodies.flat().sort()).toEqual(digests(instances));
  });
}
