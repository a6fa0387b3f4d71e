import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../../../src/base/errors';
import { CT_IMAGE } from '../../../src/dicom/sop-class';
import { FolderReceiver } from '../../../src/folder/folder-receiver';
import type { InstanceToStore } from '../../../src/session/ports';

const never = new AbortController().signal;
const STUDY = '2.25.1';
const SERIES = '2.25.1.1';

let root: string;
let path: string;
let receiver: FolderReceiver;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tce-folder-'));
  path = join(root, 'out');
  receiver = new FolderReceiver({ name: 'drop', path });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function instance(
  uid: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  series = SERIES,
): InstanceToStore {
  const bytes = async function* () {
    yield* chunks;
  };
  return { SOPClassUID: CT_IMAGE, SeriesInstanceUID: series, SOPInstanceUID: uid, bytes: bytes() };
}

async function store(...instances: readonly InstanceToStore[]) {
  const all = async function* () {
    yield* instances;
  };
  return receiver.store(STUDY, all(), never);
}

const text = (value: string) => [Buffer.from(value.slice(0, 2)), Buffer.from(value.slice(2))];
const files = () => readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.dcm'));

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Fault);
  return error as Fault;
}

describe('a Receiver that is a folder', () => {
  test('gets each instance as a file below its study and series, byte for byte', async () => {
    const answer = await store(instance('2.25.7', text('first')), instance('2.25.8', text('second'), '2.25.1.2'));
    expect(answer.status).toBe(200);
    expect([...answer.verdicts.values()]).toEqual([
      { verdict: 'stored', warningReason: null },
      { verdict: 'stored', warningReason: null },
    ]);
    expect(files().sort()).toEqual([`${STUDY}/2.25.1.1/2.25.7.dcm`, `${STUDY}/2.25.1.2/2.25.8.dcm`]);
    expect(readFileSync(join(path, STUDY, SERIES, '2.25.7.dcm'), 'utf8')).toBe('first');
  });

  test('says what it keeps, by study and by series', async () => {
    await store(instance('2.25.7', text('first')), instance('2.25.8', text('second'), '2.25.1.2'));
    expect(await receiver.kept({ study: STUDY })).toEqual(new Set(['2.25.7', '2.25.8']));
    expect(await receiver.kept({ study: STUDY, series: SERIES })).toEqual(new Set(['2.25.7']));
    expect(await receiver.seriesSizes(STUDY)).toEqual(
      new Map([
        ['2.25.1.1', 1],
        ['2.25.1.2', 1],
      ]),
    );
    expect(await receiver.kept({ study: '2.25.99' })).toEqual(new Set());
    expect(await receiver.seriesSizes('2.25.99')).toEqual(new Map());
  });

  test('has nothing under the name of an instance that came to no end', async () => {
    const broken = (async function* () {
      yield Buffer.from('begun');
      throw new Error('the source went away');
    })();
    await expect(store(instance('2.25.7', broken))).rejects.toThrow('the source went away');
    expect(await receiver.kept({ study: STUDY })).toEqual(new Set());
    expect(readdirSync(join(path, '.incoming'))).toEqual([]);
  });

  test('takes the same instance again in place of the one it has', async () => {
    await store(instance('2.25.7', text('first')));
    await store(instance('2.25.7', text('again')));
    expect(files()).toHaveLength(1);
    expect(readFileSync(join(path, files()[0]!), 'utf8')).toBe('again');
  });

  test.each(['../2.25.7', '2.25/7', '..', '', '2.25.7\0', 'x'.repeat(65)])(
    'writes nothing under a name that is no UID (%j)',
    async (uid) => {
      expect((await faultOf(store(instance(uid, text('first'))))).code).toBe('BAD_UID');
      expect((await faultOf(receiver.kept({ study: uid }))).code).toBe('BAD_UID');
      expect(readdirSync(root)).toEqual(['out']);
    },
  );

  test('does not follow a link out of the folder', async () => {
    const elsewhere = join(root, 'elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(path);
    symlinkSync(elsewhere, join(path, STUDY));
    expect((await faultOf(store(instance('2.25.7', text('first'))))).code).toBe('RECEIVER_FOLDER_NOT_OWN');
    expect(
      readdirSync(join(elsewhere), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.dcm')),
    ).toEqual([]);
  });

  test('is tried again where it cannot be made, with a code and without its path', async () => {
    writeFileSync(path, 'a file');
    const fault = await faultOf(store(instance('2.25.7', text('first'))));
    expect([fault.code, fault.retryable]).toEqual(['RECEIVER_FOLDER_NOT_WRITABLE', true]);
    expect(`${fault.message}${fault.remedy}`).not.toContain(root);
    rmSync(path);
    await store(instance('2.25.7', text('first')));
    expect(files()).toHaveLength(1);
  });

  test('is made anew where it went away meanwhile', async () => {
    await store(instance('2.25.7', text('first')));
    rmSync(path, { recursive: true });
    writeFileSync(path, 'a file');
    expect((await faultOf(store(instance('2.25.7', text('first'))))).code).toBe('RECEIVER_FOLDER_NOT_WRITABLE');
    rmSync(path);
    await store(instance('2.25.7', text('first')));
    expect(files()).toHaveLength(1);
  });

  test('is not made where the folder around it is missing: that may be a mount that is not there', async () => {
    receiver = new FolderReceiver({ name: 'drop', path: join(root, 'mount', 'out') });
    expect((await faultOf(store(instance('2.25.7', text('first'))))).code).toBe('RECEIVER_FOLDER_NOT_WRITABLE');
    expect(readdirSync(root)).toEqual([]);
  });

  test('forgets what a killed process left half-written, after a day', async () => {
    mkdirSync(join(path, '.incoming'), { recursive: true });
    const [old, fresh] = ['old', 'fresh'].map((name) => join(path, '.incoming', name));
    writeFileSync(old!, 'half');
    writeFileSync(fresh!, 'half');
    const longAgo = new Date(Date.now() - 48 * 60 * 60 * 1000);
    utimesSync(old!, longAgo, longAgo);
    await store(instance('2.25.7', text('first')));
    expect(readdirSync(join(path, '.incoming'))).toEqual(['fresh']);
  });
});
