import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../../src/base/log';
import { MasterKeyFile } from '../../../src/security/master-key-file';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tce-key-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const context = { table: 't', column: 'c', row: '1' };

describe('the master key file', () => {
  test('is made once; who comes second reads the key of the first', async () => {
    const path = join(directory, 'new', 'master.key');
    expect(await new MasterKeyFile(path).read()).toBeNull();
    const [one, two] = await Promise.all([new MasterKeyFile(path).create(), new MasterKeyFile(path).create()]);
    const wrapped = one.wrap(new Uint8Array(32), context);
    expect(two.unwrap(wrapped, context)).toHaveLength(32);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('may hold the 32 bytes themselves', async () => {
    const path = join(directory, 'master.key');
    await writeFile(path, Buffer.alloc(32, 0xff), { mode: 0o600 });
    expect(await new MasterKeyFile(path).read()).not.toBeNull();
  });

  test('that holds no key is refused', async () => {
    const path = join(directory, 'master.key');
    await writeFile(path, 'secret\n', { mode: 0o600 });
    await expect(new MasterKeyFile(path).read()).rejects.toMatchObject({ code: 'BAD_MASTER_KEY_FILE' });
  });

  test('that others can read is warned of', async () => {
    const path = join(directory, 'master.key');
    const lines: string[] = [];
    const file = new MasterKeyFile(path, createLog('info', { write: (line: string) => void lines.push(line) }));
    await file.create();
    expect(lines.join('')).not.toContain('open to others');
    await chmod(path, 0o644);
    await file.read();
    expect(lines.join('')).toContain('open to others');
  });
});
