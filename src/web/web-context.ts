import type { Log } from '../base/log';
import type { Accounts } from '../security/accounts';
import type { ReadModels } from '../session/store-port';
import type { SessionActions } from './actions';
import { Assets } from './assets';
import { type AuditDesk, onceInAWhile } from './audit-desk';
import type { Authentication } from './authentication';
import { cookieNames } from './cookies';
import type { StoreInstances } from './dicom-web/studies';
import type { InformationDesk } from './information';
import { Pages } from './page';
import type { ProjectDesk } from './project-desk';
import { PUBLIC_DIRECTORY, VIEWS_DIRECTORY } from './project-root';
import type { ReidentificationDesk } from './reidentification';
import type { Review } from './review';
import type { SubjectsDesk } from './subjects';
import { Views } from './views';

export type AccountsDesk = { readonly [Name in keyof Accounts]: Accounts[Name] };

export interface AppDeps {
  readonly read: ReadModels;
  readonly actions: SessionActions;
  /** Names of the projects that may have selections of an image source. */
  projectsServing(imageSource: string): readonly string[];
  readonly review: Review;
  readonly information: InformationDesk;
  readonly subjects: SubjectsDesk;
  readonly authentication: Authentication;
  readonly audit: AuditDesk;
  readonly accounts: AccountsDesk;
  readonly reidentification: ReidentificationDesk;
  readonly projects: ProjectDesk;
  /** The origin server of the Store transaction (PS3.18 10.5). */
  readonly storeInstances: StoreInstances;
  /** Under which address people reach the pages; https makes the cookies Secure. */
  readonly publicUrl: string;
  readonly version: string;
  readonly log: Log;
  readonly now?: () => Date;
}

/** What the parts of the web share. */
export interface WebContext extends Required<AppDeps> {
  readonly cookies: ReturnType<typeof cookieNames>;
  readonly pages: Pages;
  readonly assets: Assets;
}

export function webContext(deps: AppDeps): WebContext {
  const assets = new Assets(PUBLIC_DIRECTORY);
  const now = deps.now ?? (() => new Date());
  return {
    ...deps,
    now,
    audit: onceInAWhile(deps.audit, now),
    cookies: cookieNames(deps.publicUrl),
    assets,
    pages: new Pages(new Views(VIEWS_DIRECTORY), assets, deps.version),
  };
}
