import { stopTestPostgres } from './test-postgres';

async function globalTeardown(): Promise<void> {
  await stopTestPostgres();
}

export = globalTeardown;
