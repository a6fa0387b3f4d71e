import request, { type Response } from 'supertest';
import type { ExportSession } from '../../../src/session/export-session';
import { SESSION_STATES } from '../../../src/session/export-session';
import {
  ago,
  type ExportsInMemory,
  exportsInMemory,
  makeSession,
  NOW,
  PASSWORD,
  READ_TOKEN,
  sessionId,
  sessionTokenOf,
  USERNAME,
} from './exports-in-memory';
import { DONE, FAILED, fillWithSamples, QUARANTINED, SENDING, WAITING } from './sample-exports';

let world: ExportsInMemory;

beforeEach(() => {
  world = exportsInMemory();
  fillWithSamples(world);
});

function get(address: string) {
  return request(world.app).get(address).set('Authorization', `Bearer ${READ_TOKEN}`);
}

async function asPerson(address: string): Promise<Response> {
  const signIn = await world.deps.authentication.signIn(USERNAME, PASSWORD);
  return request(world.app)
    .get(address)
    .set('Cookie', `tce_session=${sessionTokenOf(signIn)}`);
}

/** What a reader sees, roughly: without marks, with the escapes read. */
function words(page: Response): string {
  return page.text
    .replace(/^[\s\S]*<main/, '<main')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&#x3D;', '=')
    .replaceAll('&#x60;', '`')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}

const links = (page: Response) =>
  [...page.text.matchAll(/<a [^>]*href="([^"]+)"/g)].map(([, target]) =>
    (target ?? '').replaceAll('&#x3D;', '=').replaceAll('&amp;', '&'),
  );

describe('the worklist', () => {
  test('says of each export what, for whom, how far, since when, and what happens next', async () => {
    const page = await get('/');
    expect(page.status).toBe(200);
    const text = words(page);
    expect(text).toContain(
      'For Clinical Trial Export FAKE-TRIAL-7 · Clinical trial · patient S-0007 Sending 131 of 200 delivered',
    );
    expect(text).toContain(
      'The image source does not have 2 of the referenced instances – tries again in 20 s (3 tries so far)',
    );
    expect(text).toContain('More than one project could take this selection – waits for you');
    expect(page.text).toContain(
      '<time datetime="2026-03-04T05:05:32.000Z">35 seconds ago<span class="exact">2026-03-04 05:05:32 UTC</span></time>',
    );
  });

  test('counts in its tabs what each of them has', async () => {
    expect(words(await get('/'))).toContain(
      'All 8 Needs attention 2 Waiting for images 1 Running 2 Delayed 1 Done 1 Closed 1',
    );
  });

  test('marks the tab in which the reader is', async () => {
    const page = await get('/?show=delayed');
    expect(page.text).toMatch(/<a href="\/\?show&#x3D;delayed" aria-current="page">/);
    expect(words(page)).not.toContain('For Clinical Trial Export');
  });

  test('shows the states of one tab below each other, with a way to all of a state that has many', async () => {
    world.held.sessions = [
      ...Array.from({ length: 15 }, (_, index) => makeSession(index, 'failed')),
      makeSession(50, 'quarantined'),
    ];
    const page = await get('/?show=needs-attention');
    expect(page.text.match(/class="line"/g)).toHaveLength(11);
    expect(links(page)).toContain('/?state=failed');
    const all = await get('/?state=failed');
    expect(all.text.match(/class="line"/g)).toHaveLength(15);
  });

  test('is paged, and its last page leads back to the newest', async () => {
    world.held.sessions = Array.from({ length: 60 }, (_, index) => makeSession(index, 'completed'));
    const seen: string[] = [];
    let address: string | undefined = '/?show=done';
    let last: Response | undefined;
    while (address !== undefined) {
      const page: Response = await get(address);
      seen.push(...links(page).filter((target) => target.startsWith('/sessions/')));
      address = links(page).find((target) => target.includes('cursor='));
      last = page;
    }
    expect(seen).toEqual(Array.from({ length: 60 }, (_, index) => `/sessions/${sessionId(index)}`));
    expect(words(last as Response)).toContain('Back to the newest');
  });

  test('is narrowed to a project by its name in a line', async () => {
    const page = await get('/?project=FAKE-TRIAL-7');
    expect(page.text.match(/class="line"/g)).toHaveLength(2);
    expect(words(page)).toContain('Only the project FAKE-TRIAL-7 . Show all projects');
    expect(links(await get('/'))).toContain('/?project=FAKE-TRIAL-7');
  });

  test('explains how exports come about while there is none', async () => {
    world.held.sessions = [];
    expect(words(await get('/'))).toContain('No exports yet Mark images in the viewer');
    expect(words(await get('/?show=needs-attention'))).toContain('No exports yet');
  });

  test('says of an empty tab what that means', async () => {
    world.held.sessions = [makeSession(1, 'completed')];
    expect(words(await get('/?show=needs-attention'))).toContain('Nothing needs you at the moment.');
  });

  test('loads itself again only while an export is running, and can be told not to', async () => {
    const page = await get('/');
    expect(page.text).toContain('<meta http-equiv="refresh" content="10">');
    const off = await get('/?refresh=off');
    expect(off.text).not.toContain('http-equiv="refresh"');
    expect(links(off)).toContain('/');
    expect(links(off)).toContain('/?refresh=off&show=done');
    expect((await get('/?show=done')).text).not.toContain('http-equiv="refresh"');
    expect(words(await get('/?show=done'))).not.toContain('loads itself');
  });

  test('tells when each image source was last asked and what went wrong', async () => {
    const text = words(await get('/'));
    expect(text).toContain('pacs last asked just now');
    expect(text).toContain('outpatient-pacs last asked 1 minute ago');
    expect(text).toContain('The image source answered 401 – asked again by itself Check username and password');
    world.held.polls = [{ imageSource: 'new-pacs', lastPolledAt: null, error: null }];
    expect(words(await get('/'))).toContain('new-pacs not asked yet');
  });

  test.each(['state=nonsense', 'show=nonsense', 'state=failed&state=failed', 'cursor=%00', 'project=%00'])(
    'answers a page with 400 to %s',
    async (query) => {
      const page = await get(`/?${query}`);
      expect([page.status, page.type]).toEqual([400, 'text/html']);
    },
  );
});

describe('the page of a session', () => {
  test.each(SESSION_STATES)('explains the state %s and what to do', async (state) => {
    world.held.sessions = [makeSession(1, state)];
    const page = await get(`/sessions/${sessionId(1)}`);
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/<p class="lead">.{20,}<span class="muted">.{10,}<\/span><\/p>/);
  });

  test('has the details, the numbers, the instances and the timeline of the export', async () => {
    const text = words(await get(`/sessions/${DONE}`));
    expect(text).toContain('For Teaching File Export TCE001, IHERADTF');
    expect(text).toContain('Disposition Dr.Jost teaching file');
    expect(text).toContain('40 selected 40 retrieved 40 de-identified 40 delivered 0 refused 0 held back');
    expect(text).toMatch(/1 CT Image Storage 2\.25\.\d+ Delivered 527 KB HTTP 200 1 minute ago/);
    expect(text).toContain('The Receiver keeps the whole set');
    expect(text).toContain('PS3.15 Table E.1-1, edition 2026d Basic Profile, no options');
  });

  test('groups what was done to the attributes by action, in plain words', async () => {
    const text = words(await get(`/sessions/${DONE}`));
    expect(text).toContain('X Removed 6 attributes');
    expect(text).toContain('Scheduled Procedure Step Description (0040,0275) › (0040,0007) E.1-1 39');
    expect(text).toContain('Z Emptied or replaced 5 attributes');
    expect(text).toContain('D Replaced by a dummy 1 attribute');
    // Two items of one sequence share a row.
    expect(text).toContain('U New UID 5 attributes');
    expect(text).toContain('add Added 2 attributes');
  });

  test('has the receipt: what was sent, when, the answers and the hashes', async () => {
    const text = words(await get(`/sessions/${DONE}`));
    expect(text).toContain('Sent 40 instances, 21.1 MB');
    expect(text).toContain('HTTP 200: 40 instances');
    expect(text).toContain('The Receiver named every instance of the set as kept.');
    expect(text).toContain('ab'.repeat(32));
    expect(words(await get(`/sessions/${DONE}/receipt`))).toContain('cd'.repeat(32));
    const file = await get(`/sessions/${DONE}/receipt.json`);
    expect(file.headers['content-disposition']).toBe(`attachment; filename="receipt-${DONE}.json"`);
    expect(file.body.instances).toHaveLength(40);
    expect((await get(`/sessions/${WAITING}/receipt`)).status).toBe(404);
  });

  test('lists what is missing, so that it can be looked up in the PACS', async () => {
    const page = await get(`/sessions/${WAITING}`);
    expect(words(page)).toContain('1.2.826.0.1.3680043.10.1.7001 1.2.826.0.1.3680043.10.1.7002');
    const file = await get(`/sessions/${WAITING}/missing.txt`);
    expect([file.type, file.text]).toEqual([
      'text/plain',
      '1.2.826.0.1.3680043.10.1.7001\n1.2.826.0.1.3680043.10.1.7002\n',
    ]);
  });

  test('shows of a long list of missing instances the first ones and offers the rest', async () => {
    world.held.missing.set(
      WAITING,
      Array.from({ length: 3000 }, (_, index) => `1.2.3.${index}`),
    );
    const page = await get(`/sessions/${WAITING}`);
    expect(words(page)).toContain('And 2,950 more.');
    expect((await get(`/sessions/${WAITING}/missing.txt`)).text.split('\n')).toHaveLength(3001);
  });

  test('says at each instance that was held back why', async () => {
    expect(words(await get(`/sessions/${QUARANTINED}`))).toContain(
      'Held back The value of (7FE0,0010) ends before its length says Store the instance anew. TRUNCATED',
    );
  });

  test('pages through its instances', async () => {
    const first = await get(`/sessions/${DONE}`);
    const more = links(first).find((target) => target.includes('cursor='));
    expect(words(first)).not.toContain('Comprehensive SR');
    const second = await get(String(more).replace('#instances', ''));
    expect(words(second)).toContain('40 Comprehensive SR Storage');
    expect(words(second)).toContain('Back to the first instances');
  });

  test('offers a person the deeds that make sense, and a token none', async () => {
    const buttons = async (id: string) => {
      const { text } = await asPerson(`/sessions/${id}`);
      return [text.includes('Try again now'), text.includes('Yes, cancel it')];
    };
    expect(await buttons(QUARANTINED)).toEqual([true, true]);
    expect(await buttons(WAITING)).toEqual([true, true]);
    expect(await buttons(DONE)).toEqual([false, false]);
    // Running well: nothing to try again. Running with an error: the pause can be cut short.
    expect(await buttons(SENDING)).toEqual([false, true]);
    expect(await buttons(FAILED)).toEqual([true, true]);
    expect((await get(`/sessions/${QUARANTINED}`)).text).not.toContain('<form');
  });

  test('loads itself again while it is running', async () => {
    expect((await get(`/sessions/${SENDING}`)).text).toContain('<meta http-equiv="refresh" content="5">');
    expect((await get(`/sessions/${SENDING}?refresh=off`)).text).not.toContain('http-equiv="refresh"');
    expect((await get(`/sessions/${DONE}`)).text).not.toContain('http-equiv="refresh"');
  });

  test('that does not exist is a page that says so', async () => {
    const page = await get(`/sessions/${sessionId(99)}`);
    expect([page.status, page.type]).toEqual([404, 'text/html']);
    expect(words(page)).toContain('There is no session with this id.');
  });
});

describe('text from outside', () => {
  const SCRIPT = `<script>alert(1)</script><img src=x onerror=alert(1)>"'\`{{this}}`;
  const OVERRIDE = 'abc\u202egnp.exe\u2066\u0000\u001b[31m';
  const LONG = 'Lorem ipsum dolor '.repeat(3700);

  function hostile(text: string): ExportSession {
    return makeSession(1, 'failed', {
      project: text,
      disposition: text,
      imageSource: text,
      receiver: text,
      subject: text,
      documentTitle: { CodeValue: text, CodingSchemeDesignator: text, CodeMeaning: text },
      delayReasons: [{ CodeValue: text, CodingSchemeDesignator: text, CodeMeaning: text }],
      error: { code: text, message: text, remedy: text, retryable: false },
      edition: text,
      options: [text],
    });
  }

  function fill(text: string): void {
    const id = sessionId(1);
    world.held.sessions = [hostile(text)];
    world.held.instances.set(id, [
      {
        ordinal: 0,
        state: 'quarantined',
        SOPClassUID: text,
        SOPInstanceUID: text,
        reason: { code: text, message: text, remedy: text },
        byteLength: 1,
        deliveredAt: null,
        status: null,
      },
    ]);
    world.held.changes.set(id, [
      { SOPClassUID: text, path: text, keyword: text, action: text, rule: text, instances: 1 },
    ]);
    world.held.events.set(id, [{ at: ago(1), state: 'failed', text, code: text }]);
    world.held.polls = [
      { imageSource: text, lastPolledAt: NOW, error: { code: text, message: text, remedy: text, retryable: true } },
    ];
  }

  test.each(['/', `/sessions/${sessionId(1)}`, `/sessions/${sessionId(1)}/changes`])(
    'stays text: %s',
    async (address) => {
      fill(SCRIPT);
      const page = await get(address);
      expect(page.status).toBe(200);
      expect(page.text).not.toMatch(/<script|<img src=x|onerror=alert\(1\)>/);
      expect(page.text).toContain('&lt;script&gt;');
    },
  );

  test.each(['/', `/sessions/${sessionId(1)}`])(
    'cannot turn the direction of what stands beside it: %s',
    async (address) => {
      fill(OVERRIDE);
      const page = await get(address);
      expect(page.text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0000\u001b]/);
      expect(page.text).toContain('<bdi>abc[U+202E]gnp.exe');
    },
  );

  test.each(['/', `/sessions/${sessionId(1)}`, `/sessions/${sessionId(1)}/changes`])(
    'of 64 KB is cut, can be unfolded, and leaves the page light: %s',
    async (address) => {
      fill(LONG);
      const page = await get(address);
      expect(page.status).toBe(200);
      expect(Buffer.byteLength(page.text)).toBeLessThan(100_000);
      if (!address.endsWith('changes')) expect(page.text).toContain('Show more of this text');
    },
  );
});

test('no page weighs more than 100 KB with its style, however large the export', async () => {
  const id = sessionId(1);
  world.held.sessions = [
    makeSession(1, 'completed', { counts: { selected: 5000, delivered: 5000 } }),
    ...Array.from({ length: 100 }, (_, index) =>
      makeSession(index + 2, 'failed', {
        error: { code: 'X', message: 'm'.repeat(240), remedy: 'r'.repeat(240), retryable: false },
      }),
    ),
  ];
  const lines = Array.from({ length: 5000 }, (_, ordinal) => ({
    ordinal,
    state: 'delivered' as const,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: `2.25.${'9'.repeat(38)}`,
    reason: null,
    byteLength: 500_000,
    deliveredAt: ago(5),
    status: 200,
  }));
  world.held.instances.set(id, lines);
  world.held.changes.set(
    id,
    Array.from({ length: 2000 }, (_, index) => ({
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      path: `0040A730/0/0040A730/0/${(0x00080000 + index).toString(16).padStart(8, '0')}`,
      keyword: 'ScheduledProcedureStepDescription',
      action: ['X', 'Z', 'D', 'U'][index % 4] ?? 'X',
      rule: 'E.1-1',
      instances: 5000,
    })),
  );
  world.held.events.set(
    id,
    Array.from({ length: 3000 }, () => ({
      at: ago(9),
      state: 'waiting' as const,
      text: 'waits for instances',
      code: 'INSTANCES_MISSING',
    })),
  );
  world.held.receipts.set(id, {
    receiver: 'r',
    completedAt: NOW.toISOString(),
    edition: '2026d',
    options: [],
    manifest: Array.from({ length: 50 }, () => ({
      StudyInstanceUID: '2.25.1',
      SOPInstanceUID: '2.25.2',
      sha256: 'a'.repeat(64),
    })),
    instances: lines.map(({ SOPInstanceUID, SOPClassUID, byteLength }) => ({
      StudyInstanceUID: '2.25.1',
      SeriesInstanceUID: '2.25.3',
      SOPInstanceUID,
      SOPClassUID,
      sha256: 'b'.repeat(64),
      byteLength,
      status: 200,
      warningReason: null,
    })),
    confirmedByQuery: false,
  });
  const style = (await request(world.app).get('/assets/style.css')).text.length;
  for (const address of [
    '/',
    '/?show=needs-attention',
    `/sessions/${id}`,
    `/sessions/${id}/changes`,
    `/sessions/${id}/receipt`,
  ]) {
    const page = await get(address);
    expect(page.status).toBe(200);
    expect([address, Buffer.byteLength(page.text) + style < 100_000]).toEqual([address, true]);
  }
});

test('every page is a whole document: language, title, one main heading, landmarks, a way past the header', async () => {
  for (const address of [
    '/',
    `/sessions/${DONE}`,
    `/sessions/${DONE}/changes`,
    `/sessions/${DONE}/receipt`,
    '/nowhere',
    '/sign-in',
    '/sign-in/once?token=x',
  ]) {
    const { text } = await get(address);
    expect(text).toContain('<html lang="en">');
    expect(text).toMatch(/<title>[^<]+ – TCE Export Manager<\/title>/);
    expect(text.match(/<h1[ >]/g)).toHaveLength(1);
    for (const landmark of ['<header', '<main id="main"', '<footer', 'href="#main"']) expect(text).toContain(landmark);
    expect(text).not.toMatch(/<script|style="|javascript:|\son[a-z]+="/);
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  }
});
