import type { Command } from './usage';

/** Read when they are asked for: what works on files should not wait for a web server to be read in. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.js')).serveCommand,
  work: async () => (await import('./serve.js')).workCommand,
  migrate: async () => (await import('./migrate.js')).migrateCommand,
  deidentify: async () => (await import('./deidentify.js')).deidentifyCommand,
  'destroy-key': async () => (await import('./destroy-key.js')).destroyKeyCommand,
  'rotate-master-key': async () => (await import('./rotate-master-key.js')).rotateMasterKeyCommand,
  sandbox: async () => (await import('./sandbox.js')).sandboxCommand,
  demo: async () => (await import('./demo.js')).demoCommand,
  reidentify: async () => (await import('./reidentify.js')).reidentifyCommand,
};
