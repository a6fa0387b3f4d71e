import { auditEventRoutes } from './api/audit-events';
import { notAvailableYet } from './api/not-available-yet';
import { projectRoutes } from './api/projects';
import { reidentificationRoutes } from './api/reidentifications';
import { reviewRoutes } from './api/review';
import { sessionRoutes } from './api/sessions';
import { subjectRoutes } from './api/subjects';
import { informationRoutes } from './api/teaching-file-information';
import { dicomWebRoutes } from './dicom-web/studies';
import { healthRoutes } from './health';
import { accountPages } from './pages/accounts';
import { auditPage } from './pages/audit';
import { changesPage } from './pages/changes';
import { projectPages } from './pages/projects';
import { receiptPages } from './pages/receipt';
import { reidentifyPages } from './pages/reidentify';
import { reviewForms } from './pages/review';
import { sessionPage } from './pages/session';
import { signInPages } from './pages/sign-in';
import { subjectForms } from './pages/subject';
import { teachingFilePages } from './pages/teaching-file';
import { worklistPage } from './pages/worklist';
import type { SiteMap } from './route';
import { sessionDeeds } from './session-deeds';
import type { WebContext } from './web-context';

/** Every address of the server. */
export function siteMap(web: WebContext): SiteMap {
  const deeds = sessionDeeds(web.read, web.actions);
  return {
    api: [
      ...healthRoutes(web.read),
      ...sessionRoutes(web),
      ...reviewRoutes(web),
      ...informationRoutes(web),
      ...subjectRoutes(web),
      ...deeds.api,
      ...dicomWebRoutes(web.storeInstances),
      ...auditEventRoutes(web),
      ...reidentificationRoutes(web),
      ...projectRoutes(web),
      ...notAvailableYet,
    ],
    pages: [
      ...web.assets.routes(),
      ...signInPages(web),
      ...worklistPage(web),
      ...sessionPage(web),
      ...deeds.pages,
      ...reviewForms(web),
      ...teachingFilePages(web),
      ...subjectForms(web),
      ...changesPage(web),
      ...receiptPages(web),
      ...auditPage(web),
      ...accountPages(web),
      ...reidentifyPages(web),
      ...projectPages(web),
    ],
  };
}
