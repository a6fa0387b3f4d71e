import { couldNot } from '../../../src/base/errors';
import { silentLog } from '../../../src/base/log';
import type { ImageSource, InstanceMatch } from '../../../src/session/ports';
import { ReceivedImageSource } from '../../../src/session/received-source';

const STUDY = '1.2.999.1';
const { signal } = new AbortController();

function match(SOPInstanceUID: string, SeriesInstanceUID = '1.2.999.1.1'): InstanceMatch {
  return { StudyInstanceUID: STUDY, SeriesInstanceUID, SOPInstanceUID, SOPClassUID: null };
}

async function* textOf(text: string) {
  yield Buffer.from(text);
}

function here(...uids: readonly string[]) {
  return {
    find: async (_study: string, series: string | null) =>
      uids.map((uid) => match(uid)).filter((one) => series === null || one.SeriesInstanceUID === series),
    keyObjects: async () => [],
    open: async (uid: string) => (uids.includes(uid) ? textOf(`here ${uid}`) : null),
  };
}

/** An image source with these instances; `fault`: instead of every answer, or after so many parts of one. */
function source(name: string, uids: readonly string[], fault?: { code: string; after?: number }): ImageSource {
  const failing = (): void => {
    if (fault !== undefined && fault.after === undefined) throw couldNot(fault.code, 'out of order');
  };
  return {
    name,
    async *findKeyObjects() {},
    findInstances: async () => {
      failing();
      return uids.map((uid) => match(uid));
    },
    seriesSizes: async () => {
      failing();
      return new Map([['1.2.999.1.1', uids.length]]);
    },
    async *retrieve({ instance }) {
      failing();
      const wanted = uids.filter((uid) => instance === undefined || uid === instance);
      if (wanted.length === 0) throw couldNot('INSTANCE_NOT_FOUND', 'not here');
      for (const [at, uid] of wanted.entries()) {
        if (fault?.after === at) throw couldNot(fault.code, 'out of order');
        yield { contentType: null, bytes: textOf(`${name} ${uid}`) };
      }
    },
  };
}

function over(received: ReturnType<typeof here>, ...others: readonly ImageSource[]): ReceivedImageSource {
  return new ReceivedImageSource(received, others, silentLog);
}

async function retrieved(from: ImageSource, resource: Parameters<ImageSource['retrieve']>[0]): Promise<string[]> {
  const texts: string[] = [];
  for await (const { bytes } of from.retrieve(resource, signal)) {
    for await (const chunk of bytes) texts.push(Buffer.from(chunk).toString());
  }
  return texts;
}

test('an instance comes from what was stored here, then from the first image source that has it', async () => {
  const all = over(here('1'), source('a', ['1', '2']), source('b', ['2', '3']));
  for (const [instance, from] of [
    ['1', 'here 1'],
    ['2', 'a 2'],
    ['3', 'b 3'],
  ] as const) {
    expect(await retrieved(all, { study: STUDY, instance })).toEqual([from]);
  }
  await expect(retrieved(all, { study: STUDY, instance: '4' })).rejects.toMatchObject({ code: 'INSTANCE_NOT_FOUND' });
});

test('what is where is told of all of them together, each instance once', async () => {
  const all = over(here('1'), source('a', ['1', '2']), source('b', ['2', '3']));
  const found = await all.findInstances(STUDY, null, signal);
  expect(found.map(({ SOPInstanceUID }) => SOPInstanceUID)).toEqual(['1', '2', '3']);
  expect(await all.seriesSizes(STUDY, signal)).toEqual(new Map([['1.2.999.1.1', 2]]));
});

test('an image source that is down matters only where nothing else answers', async () => {
  const down = source('down', [], { code: 'PEER_UNREACHABLE' });
  expect(await retrieved(over(here('1'), down), { study: STUDY, instance: '1' })).toEqual(['here 1']);
  expect(await retrieved(over(here(), down, source('b', ['2'])), { study: STUDY, instance: '2' })).toEqual(['b 2']);
  expect(await over(here('1'), down).findInstances(STUDY, null, signal)).toHaveLength(1);
  await expect(over(here(), down).findInstances(STUDY, null, signal)).rejects.toMatchObject({
    code: 'PEER_UNREACHABLE',
  });
  // It may have it: that is no answer to "is it there?".
  await expect(retrieved(over(here(), down, source('b', [])), { study: STUDY, instance: '1' })).rejects.toMatchObject({
    code: 'PEER_UNREACHABLE',
  });
});

test('an image source that fails in the middle of an answer is not carried on by another one', async () => {
  const breaking = source('a', ['1', '2'], { code: 'BODY_CUT_SHORT', after: 1 });
  await expect(retrieved(over(here(), breaking, source('b', ['1', '2'])), { study: STUDY })).rejects.toMatchObject({
    code: 'BODY_CUT_SHORT',
  });
});

test('of a whole study the part that was stored here is given; the rest is left to be asked for one by one', async () => {
  const all = over(here('1', '2'), source('a', ['3']));
  expect(await retrieved(all, { study: STUDY })).toEqual(['here 1', 'here 2']);
  expect(await retrieved(over(here(), source('a', ['3'])), { study: STUDY })).toEqual(['a 3']);
});
