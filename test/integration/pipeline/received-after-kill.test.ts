import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../../src/base/log';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../../../src/dicom/sop-class';
import { generateSelection } from '../../../src/sandbox/samples';
import { pollImageSource } from '../../../src/session/intake';
import { ReceivedImageSource } from '../../../src/session/received-source';
import { createTestStore } from '../../support/database';
import { provisionedProject } from '../../support/selections';
import { ct, markedSeed, markedStudy, referenceTo } from '../../support/synth';

const TEACHING = { CodeValue: 'TCE001', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: 'For Teaching File Export' };

test('a selection that was kept and, for a kill, opened no session, opens it when it is looked after', async () => {
  const store = await createTestStore();
  const directory = await mkdtemp(join(tmpdir(), 'tce-received-'));
  try {
    const project = await provisionedProject(store);
    const received = store.received({ directory, keepUnclaimed: 1000 });
    const study = markedStudy();
    const selection = generateSelection(
      { study, key: 'kill', title: TEACHING, references: [...ct({ instances: 2, study })].map(referenceTo) },
      markedSeed(),
    );
    const draft = await received.draft();
    await draft.write(selection.bytes);
    await draft.finish();
    const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = selection;
    const instance = {
      StudyInstanceUID,
      SeriesInstanceUID,
      SOPInstanceUID,
      SOPClassUID: KEY_OBJECT_SELECTION_DOCUMENT,
    };
    expect(await received.keep([{ draft, instance }])).toEqual(['kept']);

    const deps = {
      store: store.sessions,
      projectRules: [{ name: 'teaching', kind: 'teaching-file' as const, dispositions: [], imageSources: [] }],
      project: async () => project,
      now: () => new Date(),
      log: silentLog,
    };
    const source = new ReceivedImageSource(received, [], silentLog);
    const look = () => pollImageSource(source, undefined, deps, new AbortController().signal);
    expect(await look()).toMatchObject({ found: 1, opened: 1 });
    expect(await look()).toMatchObject({ found: 1, opened: 0 });
    const { items } = await store.reads.worklist({ limit: 10 });
    expect(items).toMatchObject([{ imageSource: 'received', state: 'planning' }]);
  } finally {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  }
}, 60_000);
