import type { PlannedFinding } from '../../../src/session/review-port';
import { createTestStore, type TestStore } from '../../support/database';
import { fakeSelection, newSession, planned, provisionedProject } from '../../support/selections';

let store: TestStore;
beforeAll(async () => {
  store = await createTestStore();
});
afterAll(() => store.close());

const pixels = (digest: string, instances = 2): PlannedFinding => ({
  kind: 'pixel',
  reason: 'pixel risk: ultrasound',
  paths: ['00080016'],
  instances,
  text: null,
  pixels: digest.repeat(32),
});

describe('pixels that a person has looked at', () => {
  test('are not asked about again while they are the same, and are once they have changed', async () => {
    const project = await provisionedProject(store);
    const id = (await store.sessions.open(newSession(fakeSelection('1.2.999.5', 2), project))) ?? '';
    await store.sessions.recordPlanned(id, [planned(0), planned(1)]);
    const plan = (finding: PlannedFinding) => store.sessions.recordFindings(id, project.id, [finding], []);
    expect(await plan(pixels('a1'))).toMatchObject({ undecided: 1 });
    await store.sessions.move(id, { from: 'planning', to: 'review', event: 'review', error: null });
    const [open] = await store.review.findings(id);
    expect(await store.review.decide(id, open!.id, { decision: 'accept' }, 'ada')).toBe('done');
    expect(await store.review.decide(id, open!.id, { decision: 'accept' }, 'bob')).toBe('already-decided');

    expect(await plan(pixels('a1'))).toMatchObject({ undecided: 0 });
    expect(await store.review.findings(id)).toMatchObject([{ decision: 'accept', decidedBy: 'ada' }]);
    expect(await plan(pixels('b2'))).toMatchObject({ undecided: 1 });
    expect(await store.review.findings(id)).toMatchObject([{ decision: null, decidedBy: null }]);
    expect(await store.review.decide(id, open!.id, { decision: 'accept' }, 'bob')).toBe('done');
    expect(await store.review.findings(id)).toMatchObject([{ decision: 'accept', decidedBy: 'bob' }]);
    expect(await plan(pixels('b2', 3))).toMatchObject({ undecided: 1 });
  });
});
