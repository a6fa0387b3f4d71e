import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { loadConfiguration } from '../../src/base/config';
import { silentLog } from '../../src/base/log';
import { compose } from '../../src/commands/composition';
import { generateSelection, SAMPLE_STUDIES, Seed } from '../../src/sandbox/samples';
import { advance } from '../../src/session/flow';
import { pollImageSource } from '../../src/session/intake';
import { ORTHANC, type Orthanc, startOrthanc } from '../support/orthanc';
import { CT_INSTANCES, ctInstances } from './folder';
import { type Line, median, round, timed } from './line';

const LANES = 4;
const RUNS = 5;
const TITLE = { CodeValue: '128710', CodingSchemeDesignator: 'DCM', CodeMeaning: 'For Teaching File Export' };

interface Reference {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
}

/**
 * The whole job between two real Orthancs, from the session's first stage to its receipt in Postgres, against a plain
 * pipe that retrieves each instance and stores it as it comes. A Receiver of its own for each run: what it has already
 * costs it less.
 */
export async function benchExport(): Promise<readonly Line[]> {
  if (!ORTHANC.present) {
    return [
      { bench: 'export-200-ct', value: 0, unit: 'ms', aim: '≤ 1.25 × the pipe', met: false, note: ORTHANC.missing },
    ];
  }
  const directory = mkdtempSync(join(tmpdir(), 'tce-bench-'));
  const pacs = await startOrthanc();
  try {
    const references: Reference[] = [];
    for (const { bytes, StudyInstanceUID, SeriesInstanceUID, SOPClassUID, SOPInstanceUID } of ctInstances()) {
      await pacs.upload(bytes);
      references.push({ StudyInstanceUID, SeriesInstanceUID, SOPClassUID, SOPInstanceUID });
    }
    const pipes: number[] = [];
    const exports: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      pipes.push(await withReceiver((receiver) => timed(() => pipe(pacs, receiver, references))));
      const selection = generateSelection(
        { study: SAMPLE_STUDIES.head, key: `bench-${run}`, title: TITLE, references },
        new Seed('bench'),
      );
      await pacs.upload(selection.bytes);
      exports.push(await withReceiver((receiver) => exportOnce(directory, pacs, receiver)));
    }
    const floor = median(pipes);
    const value = median(exports);
    return [
      {
        bench: 'export-200-ct',
        value: round(value, 0),
        unit: 'ms',
        floor: { what: `plain WADO → STOW pipe, ${LANES} at a time`, value: round(floor, 0) },
        ratio: round(value / floor),
        aim: '≤ 1.25 × the pipe',
        met: value <= 1.25 * floor,
        note: `${round(CT_INSTANCES / (value / 1000), 0)} instances/s, read twice, receipt in Postgres`,
      },
    ];
  } finally {
    await pacs.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function withReceiver(work: (receiver: Orthanc) => Promise<number>): Promise<number> {
  const receiver = await startOrthanc();
  try {
    return await work(receiver);
  } finally {
    await receiver.stop();
  }
}

/** The body of the answer is the body of the next request, boundary and all. */
async function pipe(pacs: Orthanc, receiver: Orthanc, references: readonly Reference[]): Promise<void> {
  const dispatcher = new Agent({ connections: LANES * 2 });
  const queue = [...references];
  const lane = async (): Promise<void> => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const { StudyInstanceUID: study, SeriesInstanceUID: series, SOPInstanceUID: instance } = next;
      const retrieved = await request(`${pacs.dicomwebUrl}/studies/${study}/series/${series}/instances/${instance}`, {
        headers: { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' },
        dispatcher,
      });
      const stored = await request(`${receiver.dicomwebUrl}/studies/${study}`, {
        method: 'POST',
        headers: { 'content-type': String(retrieved.headers['content-type']), accept: 'application/dicom+json' },
        body: Readable.from(retrieved.body, { objectMode: false }),
        dispatcher,
      });
      await stored.body.dump();
      if (stored.statusCode !== 200) throw new Error(`the Receiver answered ${stored.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  await dispatcher.close();
}

async function exportOnce(directory: string, pacs: Orthanc, receiver: Orthanc): Promise<number> {
  const text = JSON.stringify({
    dataDir: directory,
    imageSources: [{ name: 'pacs', dicomweb: { url: pacs.dicomwebUrl } }],
    receivers: [{ name: 'archive', dicomweb: { url: receiver.dicomwebUrl } }],
    projects: [{ name: 'Bench', kind: 'teaching-file', receiver: 'archive' }],
  });
  const composition = await compose(loadConfiguration({ file: { text, directory }, environment: {} }), silentLog);
  try {
    const { signal } = new AbortController();
    await pollImageSource(
      composition.flow.imageSource('pacs')!,
      undefined,
      {
        store: composition.store.sessions,
        projectRules: composition.projectRules,
        project: (name) => composition.store.projects.byName(name),
        now: () => new Date(),
        log: silentLog,
      },
      signal,
    );
    const { items } = await composition.store.reads.worklist({ state: 'planning', limit: 1 });
    const id = items[0]!.id;
    const took = await timed(async () => {
      while ((await composition.store.sessions.stateOf(id)) !== 'completed')
        await advance(id, composition.flow, signal);
    });
    return took;
  } finally {
    await composition.close();
  }
}
