import { resendSession } from '../../../src/session/deeds';
import { SESSION_STATES, type SessionState } from '../../../src/session/export-session';
import type { SessionStore } from '../../../src/session/store-port';

type Loaded = NonNullable<Awaited<ReturnType<SessionStore['load']>>>;

function storeWith(state: SessionState, delivery: number) {
  const resent: string[] = [];
  const loaded = { session: { state }, project: { name: 'Cases' }, delivery } as unknown as Loaded;
  return {
    resent,
    store: {
      load: async () => loaded,
      resend: async (_id: string, { from }: { readonly from: string }) => void resent.push(from),
    },
  };
}

describe('sending a whole set again', () => {
  test.each(SESSION_STATES)('a session that is %s', async (state) => {
    const { store, resent } = storeWith(state, 1);
    const ended = state === 'completed' || state === 'failed';
    expect((await resendSession('id', 'ada', { store })).result).toBe(ended ? 'done' : 'refused');
    expect(resent).toEqual(ended ? [state] : []);
  });

  test.each(['planning', 'waiting', 'queued', 'exporting'] as const)(
    'asked for again while it is %s for that, it is done and changes nothing',
    async (state) => {
      const { store, resent } = storeWith(state, 2);
      expect((await resendSession('id', 'ada', { store })).result).toBe('done');
      expect(resent).toEqual([]);
    },
  );

  test('of a session that is not there', async () => {
    const store = { load: async () => null, resend: async () => undefined };
    expect((await resendSession('id', 'ada', { store })).result).toBe('unknown-session');
  });
});
