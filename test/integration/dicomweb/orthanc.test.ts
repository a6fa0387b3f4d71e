import { DicomwebImageSource } from '../../../src/dicomweb/image-source';
import { DicomwebReceiver } from '../../../src/dicomweb/receiver';
import { ORTHANC, startOrthanc } from '../../support/orthanc';
import { suiteNeeding } from '../../support/suites';
import { dicomwebContract } from './contract';
import { all, makeInstance, toStore } from './instances';

suiteNeeding(ORTHANC, 'DICOMweb client with Orthanc', () => {
  dicomwebContract(async () => {
    const orthanc = await startOrthanc();
    return { url: orthanc.dicomwebUrl, stop: () => orthanc.stop() };
  });

  test('signs in with user name and password, and says so where they are wrong', async () => {
    const orthanc = await startOrthanc({ username: 'ada', password: 'secret of the test' });
    const { signal } = new AbortController();
    const url = orthanc.dicomwebUrl;
    const right = { name: 'pacs', url, username: 'ada', password: 'secret of the test' };
    const known = new DicomwebImageSource(right);
    const receiver = new DicomwebReceiver(right);
    const unknown = new DicomwebImageSource({ name: 'pacs', url, username: 'ada', password: 'something else' });
    try {
      const instance = makeInstance();
      await receiver.store(instance.StudyInstanceUID, toStore([instance]), signal);
      expect(await known.findInstances(instance.StudyInstanceUID, null, signal)).toHaveLength(1);
      await expect(all(unknown.findKeyObjects(signal))).rejects.toMatchObject({ code: 'PEER_REFUSED_CREDENTIALS' });
    } finally {
      await Promise.all([known.close(), unknown.close(), receiver.close()]);
      await orthanc.stop();
    }
  });

  test('is unreachable while it is down and well again when it is back', async () => {
    const orthanc = await startOrthanc();
    const { signal } = new AbortController();
    const receiver = new DicomwebReceiver({ name: 'archive', url: orthanc.dicomwebUrl });
    try {
      const instance = makeInstance();
      const store = () => receiver.store(instance.StudyInstanceUID, toStore([instance]), signal);
      await store();
      await orthanc.kill();
      await expect(store()).rejects.toMatchObject({ code: 'PEER_UNREACHABLE', kind: 'could-not' });
      await orthanc.start();
      expect((await store()).status).toBe(200);
    } finally {
      await receiver.close();
      await orthanc.stop();
    }
  });
});
