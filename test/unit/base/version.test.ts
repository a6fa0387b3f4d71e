import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { version } from '../../../package.json';

test('the program says its version', () => {
  const root = join(__dirname, '../../..');
  const hook = join(root, 'test/support/register-typescript.js');
  const said = execFileSync(process.execPath, ['-r', hook, join(root, 'src/main.ts'), '--version'], {
    encoding: 'utf8',
  });
  expect(said).toBe(`${version}\n`);
});
