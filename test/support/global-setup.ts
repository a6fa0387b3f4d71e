import { testRunDirectory } from './test-run';

/** The workers inherit the folder; a Postgres is started in it by the first suite that needs one. */
function globalSetup(): void {
  testRunDirectory();
}

export = globalSetup;
