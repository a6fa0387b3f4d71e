import request from 'supertest';
import { exportsInMemory, READ_TOKEN } from './exports-in-memory';
import { DONE, fillWithSamples } from './sample-exports';

test('a page opens', async () => {
  const world = exportsInMemory();
  fillWithSamples(world);
  const r = await request(world.app).get('/').set('Authorization', `Bearer ${READ_TOKEN}`);
  console.log(r.status, r.text.length, r.headers);
  const s = await request(world.app).get(`/sessions/${DONE}`).set('Authorization', `Bearer ${READ_TOKEN}`);
  console.log(s.status, s.text.length, s.text.slice(0, 1500), world.logLines);
});
