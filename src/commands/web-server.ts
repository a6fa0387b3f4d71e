import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cannot } from '../base/errors';
import { productVersion } from '../base/package-root';
import { Accounts } from '../security/accounts';
import { FIRST_ADMINISTRATOR, type LoginSession, SignIn, SignInDelayed } from '../security/sign-in';
import { ApiTokens, hashSecret, type TokenBearer } from '../security/tokens';
import {
  assignSession,
  cancelSession,
  type DeedDeps,
  releaseSession,
  resendSession,
  retrySession,
} from '../session/deeds';
import { writeInformation } from '../session/information-deeds';
import { approveSession, decideFinding } from '../session/review-deeds';
import { projectsServing } from '../session/selection-policy';
import type { SessionStore } from '../session/store-port';
import type { Actor } from '../web/actions';
import { createApp } from '../web/app';
import type { Authentication, SignedInUser } from '../web/authentication';
import { auditedSignIn } from './audited-sign-in';
import type { Composition } from './composition';
import { projectPolicies } from './project-policies';
import { projectSummaries } from './project-summaries';
import { reidentificationOf } from './reidentify';

const LONGEST_REQUEST_MS = 12 * 60 * 60 * 1000;

export interface WebServer {
  readonly port: number;
  /** A link that signs an administrator in, once; worth nothing where users are configured. */
  oneTimeLink(): Promise<string>;
  close(): Promise<void>;
}

export async function startWebServer(composition: Composition): Promise<WebServer> {
  const { configuration, store, log, projectRules } = composition;
  const signIn = new SignIn(store.signIns, configuration.users, { now: () => new Date() });
  const tokens = new ApiTokens(configuration.apiTokens);
  const configuredNames = [FIRST_ADMINISTRATOR, ...configuration.users].map(({ username }) => username);
  // The audit trail names who did it.
  const deeds = (actor: Actor): DeedDeps & { readonly store: SessionStore } => ({
    store: store.sessionsAs(actor),
    projectRules,
    project: (name) => store.projects.byName(name),
  });
  const policies = projectPolicies(configuration.projects);
  const reviewing = (actor: Actor) => ({ desk: store.reviewAs(actor), store: store.sessions });
  const app = createApp({
    read: store.reads,
    actions: {
      retry: (sessionId, actor) => retrySession(sessionId, actor.name, deeds(actor)),
      resend: (sessionId, actor) => resendSession(sessionId, actor.name, deeds(actor)),
      approve: (sessionId, actor) => approveSession(sessionId, actor.name, reviewing(actor)),
      cancel: (sessionId, actor) => cancelSession(sessionId, actor.name, deeds(actor)),
      assign: (sessionId, project, actor) => assignSession(sessionId, project, actor.name, deeds(actor)),
      release: (sessionId, reason, actor) => releaseSession(sessionId, reason, actor.name, deeds(actor)),
    },
    review: {
      findings: (sessionId) => store.review.findings(sessionId),
      openFindings: (sessionId) => store.review.openFindings(sessionId),
      decide: (sessionId, findingId, asked, actor) =>
        decideFinding(sessionId, findingId, asked, actor.name, reviewing(actor)),
      decisions: (project) => store.review.decisionsOf(project),
      revoke: (project, decisionId, actor) => store.reviewAs(actor).revoke(project, decisionId, actor.name),
    },
    subjects: {
      timePointsOf: (project) => policies.get(project)?.timePoints?.list ?? [],
      list: (project, page) => store.subjects.list(project, page),
      ofSession: (sessionId) => store.subjects.ofSession(sessionId),
      give: (project, of, given, by) => store.subjects.give(project, of, given, by),
      replace: (project, was, become, by) => store.subjects.replace(project, was, become, by),
      merge: (project, keep, merged, by) => store.subjects.merge(project, keep, merged, by),
      giveTimePoint: (sessionId, study, timePoint, by) => store.subjects.giveTimePoint(sessionId, study, timePoint, by),
      import: (project, list, trialRun, by) => store.subjects.import(project, list, trialRun, by),
    },
    information: {
      written: (sessionId) => store.sessions.writtenInformation(sessionId),
      write: (sessionId, information, actor) =>
        writeInformation(sessionId, information, actor.name, { store: store.sessionsAs(actor) }),
    },
    authentication: auditedSignIn(authenticationOf(signIn, tokens, store.accounts), {
      isAccount: async (username) =>
        configuredNames.includes(username) || (await store.accounts.account(username)) !== null,
      record: (events) => store.audit.record(events),
      now: () => new Date(),
    }),
    audit: store.audit,
    accounts: new Accounts(store.accounts, {
      usernames: configuredNames,
      tokens: configuration.apiTokens.map((token) => token.name),
    }),
    reidentification: Object.assign(reidentificationOf(store, configuration), {
      projects: () => configuration.projects.map(({ name }) => name),
    }),
    projects: {
      list: async () => projectSummaries(await store.projects.list(), configuration.projects, policies),
      destroyKey: (project, actor) => store.keys.destroy(project, actor),
    },
    storeInstances: composition.storeInstances,
    projectsServing: (imageSource) => projectsServing(projectRules, imageSource).map(({ name }) => name),
    publicUrl: configuration.server.publicUrl,
    version: productVersion(),
    log,
  });
  // A large study over a slow line takes its time; a client that falls silent is cut off by the route.
  const server = createServer({ requestTimeout: LONGEST_REQUEST_MS }, app);
  await listen(server, configuration.server.port, configuration.server.host);
  const { port } = server.address() as AddressInfo;
  log.info('web server listens', { host: configuration.server.host, port });
  return {
    port,
    oneTimeLink: async () => {
      const secret = await signIn.issueLink();
      return `${publicAddress(configuration.server.publicUrl, port)}/sign-in/once?token=${secret}`;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        // Whoever still reads has had a fair time.
        setTimeout(() => server.closeAllConnections(), 2_000).unref();
      }),
  };
}

/** Port 0 takes a free one, which the configured address cannot know. */
function publicAddress(publicUrl: string, port: number): string {
  const url = new URL(publicUrl);
  if (url.port === '0') url.port = String(port);
  return url.toString().replace(/\/+$/, '');
}

export function authenticationOf(
  signIn: SignIn,
  tokens: ApiTokens,
  stored: { bearerOf(hash: Uint8Array): Promise<TokenBearer | null> },
): Authentication {
  const opened = (result: Awaited<ReturnType<SignIn['byLink']>>) =>
    result === null ? null : { sessionToken: result.secret, ...accountOf(result.login) };
  return {
    verifyApiToken: async (token) => {
      const bearer = tokens.bearerOf(token) ?? (await stored.bearerOf(hashSecret(token)));
      return bearer === null ? null : { name: bearer.name, scopes: [...bearer.scopes], projects: bearer.projects };
    },
    signIn: async (username, password) => {
      try {
        return opened(await signIn.byPassword(username, password));
      } catch (error) {
        if (error instanceof SignInDelayed)
          return { delayed: error.reason, retryAfterSeconds: error.retryAfterSeconds };
        throw error;
      }
    },
    redeemLink: async (token) => opened(await signIn.byLink(token)),
    session: async (token) => signIn.login(token),
    signOut: async (token) => signIn.end(token),
  };
}

function accountOf({ username, role, projects }: LoginSession): SignedInUser {
  return { username, role, projects };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        cannot('CANNOT_LISTEN', `the web server cannot listen on ${host}:${port} (${error.code ?? 'unknown'})`, {
          remedy: 'Give another server.port, or end the process that uses this one.',
        }),
      );
    });
    server.listen(port, host, resolve);
  });
}
