import { startEmbeddedPostgres } from '../../../src/store/embedded-postgres';

/** Starts the embedded Postgres of a data directory and holds it until told to end. */
async function main(dataDir: string): Promise<void> {
  const postgres = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
  process.on('SIGTERM', () => void postgres.stop().then(() => process.exit(0)));
  setInterval(() => undefined, 60_000);
  process.stdout.write(`up ${postgres.pid}\n`);
}

main(process.argv[2] ?? '').catch((error: { code?: string }) => {
  process.stdout.write(`fault ${error.code}\n`);
  process.exitCode = 1;
});
