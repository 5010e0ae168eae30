import { execFile } from 'node:child_process';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRoot } from '../../src/database/embedded-server/account.js';
import { TEST_SECRET } from '../support/test-service.js';
import { generatedGraph, importGraph, newOrganisation } from './support/organisation.js';
import { expectUndisturbed, undisturbedRun } from './support/results.js';
import { newDataDirectory, superuserUrlIn } from './support/own-server.js';
import { Observer } from './support/observer.js';
import { ServiceProcess } from './support/service-process.js';
import { call, createJob, JOBS, newTenant, runJob, smallGraph } from './support/stage.js';
import { survived } from './support/survived.js';
import { until } from './support/until.js';

const run = promisify(execFile);

let disk: string;
let processes: ServiceProcess[] = [];

async function mount(megabytes: number): Promise<void> {
  disk = await newDataDirectory();
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', disk]);
}

async function start(): Promise<ServiceProcess> {
  const service = await ServiceProcess.start({ DATA_DIR: disk, JWT_SECRET: TEST_SECRET, MINING_THREADS: '1' });
  processes.push(service);
  return service;
}

// A disk of a size of our own takes root's right to mount.
(isRoot() && process.platform === 'linux' ? describe : describe.skip)(
  'the embedded server on a small disk (as root)',
  () => {
    beforeEach(() => {
      processes = [];
    });
    afterEach(async () => {
      // In order, so that the server ends as well; the last start may have been killed by the full disk.
      for (const service of processes) await service.stop();
      await run('umount', ['--lazy', disk]);
      await rm(disk, { recursive: true, force: true });
    });

    it('that is full at the first start ends the start with one clear sentence', async () => {
      await mount(24);
      const service = await start();
      expect(await service.ended).toEqual({ code: 1, signal: null });
      const lines = service.text.trim().split('\n');
      expect(lines[0]).toMatch(/cannot keep its files in .*: the disk is full\. .*DATA_DIR/);
      survived({
        fault: 'Disk full at the first start of the embedded server',
        injected: 1,
        survived: 1,
        figure: `exit 1 with "${lines[0].replaceAll(disk, 'DATA_DIR')}"`,
      });
    });

    it('that fills up refuses writes and says why; with room again, jobs complete', async () => {
      await mount(320);
      let service = await (await start()).ready();
      const tenant = await newOrganisation(service, await generatedGraph(17));
      let observer = await Observer.connect((await superuserUrlIn(disk))!);
      const undisturbed = await undisturbedRun(service, tenant, observer);
      const jobId = await createJob(service, tenant);

      const ballast = join(disk, 'ballast');
      const { bavail, bsize } = await statfs(disk);
      await writeFile(ballast, Buffer.alloc(bavail * bsize - (64 << 10)));
      const large = newTenant();
      const answers: { status: number; detail: string }[] = [];
      // Writes until the disk says no: small ones still fit into what the server has allocated.
      await until('a refusal', async () => {
        const { status, body } = await call(service, 'POST', JOBS, large, {
          json: { name: 'x'.repeat(200), parameters: { peer_group_attribute: 'y'.repeat(100) } },
        });
        if (status === 201) return null;
        answers.push({ status, detail: String(body['detail']) });
        return true;
      });
      expect(answers[0].status).toBe(503);
      expect((await call(service, 'GET', '/health/live', tenant)).status).toBe(200);

      await rm(ballast);
      await observer[Symbol.asyncDispose]();
      // A server that could not even write its log of changes has ended: the next start brings it back, with everything committed.
      const isServerUp = (await service.readiness()) === 200;
      if (!isServerUp) {
        expect((await service.stop()).code).toBe(0);
        service = await (await start()).ready();
      }
      observer = await Observer.connect((await superuserUrlIn(disk))!);
      await importGraph(service, large, smallGraph());
      await runJob(service, tenant, jobId);
      await expectUndisturbed(observer, [jobId], undisturbed);
      await observer[Symbol.asyncDispose]();
      survived({
        fault: 'Disk of the embedded server full while it runs',
        injected: 1,
        survived: 1,
        figure: `503 "${answers[0].detail}"; with room again ${isServerUp ? 'it went on' : 'the next start went on'}, the job completed, results equal`,
      });
    });
  },
);
