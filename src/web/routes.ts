import { notAvailableYet } from './api/not-available-yet';
import { sessionRoutes } from './api/sessions';
import { healthRoutes } from './health';
import { changesPage } from './pages/changes';
import { receiptPages } from './pages/receipt';
import { sessionPage } from './pages/session';
import { signInPages } from './pages/sign-in';
import { worklistPage } from './pages/worklist';
import type { SiteMap } from './route';
import type { WebContext } from './web-context';

/** Every address of the server. */
export function siteMap(web: WebContext): SiteMap {
  return {
    api: [...healthRoutes(web.read), ...sessionRoutes(web.read, web.actions), ...notAvailableYet],
    pages: [
      ...web.assets.routes(),
      ...signInPages(web),
      ...worklistPage(web),
      ...sessionPage(web),
      ...changesPage(web),
      ...receiptPages(web),
    ],
  };
}
