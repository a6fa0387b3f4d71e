import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Configuration, ReceiverSettings } from '../base/config';
import { cannot } from '../base/errors';
import type { Log } from '../base/log';
import { RECEIVED } from '../base/reserved-names';
import { DicomwebImageSource } from '../dicomweb/image-source';
import { DicomwebReceiver } from '../dicomweb/receiver';
import { type StoreRequest, type StoreResponse, storeInstances } from '../dicomweb/server/store-instances';
import { FolderReceiver } from '../folder/folder-receiver';
import { migrateJobs } from '../jobs/schema';
import { type RunningWorker, startWorker } from '../jobs/worker';
import { ProjectKey } from '../pseudonymization/project-key';
import { subjectCodes } from '../register/subject-codes';
import { KeyManagementCommand } from '../security/key-management';
import type { MasterKeySource } from '../security/key-ring';
import { MasterKeyFile } from '../security/master-key-file';
import { WrappedMasterKey } from '../security/wrapped-master-key';
import { watchDelays } from '../session/delays';
import { advance } from '../session/flow';
import type { FlowDeps } from '../session/flow-deps';
import { type IntakeDeps, pollImageSource } from '../session/intake';
import { DEFAULT_HABITS, type Receiver } from '../session/ports';
import { ReceivingRequest } from '../session/receive';
import { ReceivedImageSource } from '../session/received-source';
import type { ProjectRule } from '../session/selection-policy';
import { Database } from '../store/database';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../store/embedded-postgres';
import { openStore, type Store } from '../store/store';
import { auditOptions } from './audit-options';
import { forReceiver, projectPolicies } from './project-policies';
import { isReversible } from './reversibility';

/** Instances of one session on their way at the same time. */
const LANES = 4;
/** Parts of one STOW-RS request: each is remembered until all are here. */
const MOST_PARTS = 20_000;
/** How often what was received is looked after: removed where nobody needs it, taken in where a kill left it lying. */
const TIDY_UP_EVERY_MS = 60_000;

const PURGE_EVERY_MS = 10 * 60_000;

/** Everything a process needs, made from the configuration. */
export interface Composition {
  readonly configuration: Configuration;
  readonly log: Log;
  readonly store: Store;
  readonly projectRules: readonly ProjectRule[];
  readonly flow: FlowDeps;
  storeInstances(request: StoreRequest): Promise<StoreResponse>;
  startWorker(signal: AbortSignal): Promise<RunningWorker>;
  close(): Promise<void>;
}

/** The database of the configuration, not looked into yet. */
export async function openDatabase(
  configuration: Configuration,
  log: Log,
): Promise<{ readonly database: Database; close(): Promise<void> }> {
  const embedded = await ownPostgres(configuration, log);
  const database = new Database(embedded?.url ?? configuration.databaseUrl ?? '', {
    connections: 10 + configuration.workerConcurrency,
    log,
  });
  return {
    database,
    close: async () => {
      await database.close();
      await embedded?.stop();
    },
  };
}

/** What is kept, as it stands: the projects of the configuration do not touch it. */
export function openStoreOf(configuration: Configuration, database: Database, log: Log): Promise<Store> {
  return openStore({
    database,
    masterKeyFile: masterKeySource(configuration, log),
    subjectCodes,
    migrateJobs: (url) => migrateJobs(url, log),
    audit: auditOptions(configuration),
    log,
  });
}

export function masterKeySource(configuration: Configuration, log: Log): MasterKeySource {
  const { masterKeyFile, keyManagement } = configuration;
  if (keyManagement === null) return new MasterKeyFile(masterKeyFile, log);
  const keys = new KeyManagementCommand(keyManagement.command, keyManagement.timeout);
  return new WrappedMasterKey(masterKeyFile, keys, log);
}

export async function compose(configuration: Configuration, log: Log): Promise<Composition> {
  const policies = projectPolicies(configuration.projects);
  const opened = await openDatabase(configuration, log);
  const { database } = opened;
  const peers: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const peer of peers) await peer.close();
    await opened.close();
  };
  try {
    const store = await openStoreOf(configuration, database, log);
    await store.projects.provision(
      configuration.projects.map((project) => ({
        name: project.name,
        kind: project.kind,
        receiver: project.receiver,
        subjectPattern: project.subjectPattern,
        reversible: isReversible(project),
      })),
    );
    const imageSources = new Map(
      configuration.imageSources.map(({ name, dicomweb }) => [name, new DicomwebImageSource({ name, ...dicomweb })]),
    );
    const received = store.received({
      directory: join(configuration.dataDir, 'received'),
      keepUnclaimed: configuration.received.keepUnclaimed,
    });
    const receivedSource = new ReceivedImageSource(received, [...imageSources.values()], log);
    const receivers = new Map(
      configuration.receivers.map((settings) => [settings.name, receiverOf(settings)] as const),
    );
    peers.push(...imageSources.values(), ...receivers.values());
    /** With what each was made of: destroyed keys are followed by others. */
    const keys = new Map<string, { readonly of: Uint8Array; readonly key: ProjectKey }>();
    const flow: FlowDeps = {
      store: store.sessions,
      imageSource: (name) => (name === RECEIVED ? receivedSource : imageSources.get(name)),
      receiver: (name) => receivers.get(name),
      partial: (project) => configuration.projects.find(({ name }) => name === project.name)?.partial ?? null,
      habits: (receiver) => configuration.receivers.find(({ name }) => name === receiver) ?? DEFAULT_HABITS,
      rejectsQualityToo: (project) =>
        configuration.projects.some(({ name, rejectQualityToo }) => name === project.name && rejectQualityToo),
      addsUnreferencedInformation: (project) =>
        configuration.projects.some((each) => each.name === project.name && each.addUnreferencedInformation),
      policy: (project) => {
        const policy = policies.get(project.name);
        if (policy === undefined) {
          throw cannot('NOT_CONFIGURED', 'the project of this session is not configured any more', {
            remedy: 'Put it back into the configuration, or cancel the session.',
          });
        }
        const to = configuration.receivers.find(({ name }) => name === project.receiver);
        return to === undefined ? policy : forReceiver(policy, to.additionalInformation);
      },
      keyOf: (project) => {
        const known = keys.get(project.id);
        if (known !== undefined && Buffer.compare(known.of, project.derivationKey) === 0) return known.key;
        const key = ProjectKey.of(project.derivationKey);
        keys.set(project.id, { of: project.derivationKey, key });
        return key;
      },
      now: () => new Date(),
      sleep: async (milliseconds, signal) => {
        if (milliseconds > 0) await sleep(milliseconds, undefined, { signal });
      },
      log,
      lanes: LANES,
    };
    const projectRules = configuration.projects.map(
      ({ name, kind, dispositions, documentTitles, receivers: to, imageSources: names }) => ({
        name,
        kind,
        dispositions,
        documentTitles,
        receivers: to,
        imageSources: names,
        defaultOf: configuration.imageSources
          .filter(({ defaultProject }) => defaultProject === name)
          .map((source) => source.name),
      }),
    );
    const purge = purging(configuration, store, log);
    const delays = {
      ...configuration.delays,
      releasedByReport: configuration.projects
        .filter(({ releaseOn }) => releaseOn.includes('final-report'))
        .map(({ name }) => name),
    };
    const intake: IntakeDeps = {
      store: store.sessions,
      projectRules,
      project: (name) => store.projects.byName(name),
      now: flow.now,
      log,
    };
    return {
      configuration,
      log,
      store,
      projectRules,
      flow,
      storeInstances: (request) =>
        storeInstances(request, new ReceivingRequest(request.study, { received, intake, log }), {
          maxRequestBytes: configuration.received.maxRequestBytes,
          maxParts: MOST_PARTS,
        }),
      close,
      startWorker: (signal) =>
        startWorker({
          connectionString: database.url,
          concurrency: configuration.workerConcurrency,
          tasks: {
            'advance-session': ({ sessionId }, stop) => advance(sessionId, flow, stop),
            'poll-image-source': async ({ imageSource }, stop) => {
              if (imageSource === RECEIVED) {
                await pollImageSource(receivedSource, undefined, intake, stop);
                await received.tidyUp(flow.now());
                await purge();
                await watchDelays(delays, flow, stop);
                return;
              }
              const source = imageSources.get(imageSource);
              const settings = configuration.imageSources.find(({ name }) => name === imageSource);
              if (source === undefined || settings === undefined) return;
              const count = await pollImageSource(source, settings.poll?.lookback, intake, stop);
              log.debug('image source polled', { imageSource, ...count });
              await watchDelays(delays, flow, stop);
            },
          },
          polls: [
            ...configuration.imageSources.flatMap(({ name, poll }) =>
              poll === undefined ? [] : [{ imageSource: name, every: poll.every }],
            ),
            { imageSource: RECEIVED, every: TIDY_UP_EVERY_MS },
          ],
          presence: store.presence(),
          queue: store.queue,
          records: store.polls,
          log,
          signal,
        }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What projects keep for a time only: looked after once in a while, and by the first who comes to it. */
function purging({ projects }: Configuration, { retention }: Store, log: Log): () => Promise<void> {
  const rules = projects.flatMap(({ name, keepIdentity }) =>
    keepIdentity === null ? [] : [{ project: name, identity: keepIdentity }],
  );
  let last = -PURGE_EVERY_MS;
  return async () => {
    if (rules.length === 0 || performance.now() - last < PURGE_EVERY_MS) return;
    last = performance.now();
    for (const purged of await retention.purge(rules)) log.info('identity of originals purged', { ...purged });
  };
}

async function ownPostgres(configuration: Configuration, log: Log): Promise<EmbeddedPostgres | undefined> {
  if (configuration.databaseUrl !== null) return undefined;
  return startEmbeddedPostgres({ dataDir: configuration.dataDir, log });
}

function receiverOf({ name, dicomweb, folder }: ReceiverSettings): Receiver & { close(): Promise<void> } {
  if (folder !== undefined) return new FolderReceiver({ name, ...folder });
  if (dicomweb !== undefined) return new DicomwebReceiver({ name, ...dicomweb });
  throw cannot('NOT_CONFIGURED', 'a Receiver has neither dicomweb nor folder');
}
